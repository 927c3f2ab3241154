"""A relay that is aired while it comes: from the slot's programme to packets, the recording, and what went wrong."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from broadcaster.protocol.live.packets import FRAME_MS
from broadcaster.protocol.values import DeliveryState
from broadcaster.station.agendas import content
from broadcaster.station.broadcasts.steps import recording_of
from broadcaster.station.database.engine import Database
from broadcaster.station.programmes.programmes import freeze_occurrence
from broadcaster.station.relays import choosing
from broadcaster.station.rows import settings
from broadcaster.station.rules import stop_all
from broadcaster.station.schema import Clip, NodeState, Occurrence
from broadcaster.station.vocabulary.states import BroadcastState, LiveState, TakeState
from tests.rig.commune import NOW, Commune
from tests.rig.databases import ON_SQLITE
from tests.unit.live.relay_rig import MINUTE, Rig
from tests.unit.relays.scripted import FAULTS, Air, Happening, faulty
from tests.unit.station.relays.relaying import FIRST, SECOND, START

pytestmark = [pytest.mark.integration, ON_SQLITE]
GOOD: list[list[Happening]] = [[("sound", 600)]]


@pytest.fixture
def rig(database: Database, commune: Commune, tmp_path: Path) -> Iterator[Rig]:
    made = Rig(database, tmp_path, commune, Air({FIRST: GOOD, SECOND: GOOD}))
    yield made
    for on_air in made.runner._open.values():
        on_air._file.close()


def test_it_stands_in_the_agenda_beforehand_as_an_item_with_a_source_that_gives_way(rig: Rig) -> None:
    with rig.database.reading() as s:
        agenda = content.for_node(s, node=rig.by.strong, now_at=NOW)
    (item,) = agenda.items
    assert item.source is not None
    assert (item.start_at, item.duration_ms, item.source.gives_way) == (START, 60_000, True)
    assert rig.row().state is LiveState.PLANNED
    assert [each.title for each in rig.broadcasts()] == ["Tiếp sóng trực tiếp VOV1"]


def test_it_is_sent_in_its_time_ends_exactly_and_is_recorded(rig: Rig) -> None:
    rig.run(START - timedelta(seconds=5))
    assert rig.row().state is LiveState.OPEN
    assert rig.packets
    assert not rig.sound()
    rig.end()
    sound = rig.sound()
    with rig.database.reading() as s:
        chime_ms = s.get_one(Clip, rig.broadcasts()[0].parts[0].sha256).duration_ms
    assert sound[0].base_ms == chime_ms
    ends = {each.base_ms + (each.first + len(each.frames)) * FRAME_MS for each in sound}
    assert 60_000 - FRAME_MS < max(ends) <= 60_000
    row, take = rig.row(), rig.take()
    assert (row.state, row.end_reason, row.gap_ms) == (LiveState.ENDED, "longest", 0)
    assert (take.state, take.switches, take.clip_sha256) == (TakeState.DONE, [], row.recording_sha256)
    assert recording_of(rig.broadcasts()[0]) == row.recording_sha256
    heard, rate = rig.recording()
    assert len(heard) / rate == pytest.approx(60 - chime_ms / 1000, abs=0.3)
    assert np.abs(heard[rate * 10 : rate * 20]).max() > 0.1
    assert np.abs(heard[-rate // 5 :]).max() < 0.05  # it dies away
    assert "live_silent" not in rig.kinds()


def test_every_fault_of_a_stream_leads_to_the_next_and_is_told_while_it_goes_on(rig: Rig) -> None:
    rig.air.scripts = faulty([FIRST, SECOND])
    rig.run(START + timedelta(seconds=15))
    assert "relay_cut" in rig.kinds()
    rig.end()
    row, take = rig.row(), rig.take()
    found = [(each["address"], json.loads(each["reason"])["code"]) for each in take.switches]
    assert found == [([FIRST, SECOND][number % 2], reason) for number, (reason, _script) in enumerate(FAULTS)]
    assert take.state is TakeState.DONE
    assert (row.end_reason, row.ends_ms) == ("longest", pytest.approx(60_000, abs=20))
    assert take.heard_ms > 40_000


def test_a_relay_whose_last_source_ends_is_over_and_told_and_announcements_keep_their_time(rig: Rig) -> None:
    rig.air.scripts = {FIRST: [[("sound", 6), ("over", 0)], [("stall", 600)]], SECOND: [[("over", 0)]]}
    rig.run(START + timedelta(seconds=48))
    assert (rig.row().end_reason, rig.take().state) == ("lost", TakeState.DONE)
    assert {"relay_cut", "relay_given_up"} <= rig.kinds()


def test_while_nothing_comes_the_board_says_so_and_what_comes_again_sounds_at_its_place(rig: Rig) -> None:
    rig.air.scripts = {
        FIRST: [[("sound", 15), ("over", 0)], [("stall", 20)], [("stall", 20)], [("sound", 600)]],
        SECOND: [[("over", 0)]],
    }
    rig.run(START + timedelta(seconds=30))
    assert rig.row().silent_at is not None
    assert "live_silent" in rig.kinds()
    rig.end()
    row = rig.row()
    assert row.silent_at is None
    assert row.gap_ms > 10_000
    assert row.ends_ms == pytest.approx(60_000, abs=20)
    assert "live_silent" not in rig.kinds()


def test_streams_that_never_give_sound_end_it_and_are_a_matter(rig: Rig) -> None:
    rig.air.scripts = {FIRST: [[("over", 0)]], SECOND: [[("stall", 600)]]}
    rig.end()
    row, take = rig.row(), rig.take()
    assert (row.state, row.end_reason, row.recording_sha256) == (LiveState.ENDED, "lost", None)
    assert take.state is TakeState.FAILED
    assert "relay_failed" in rig.kinds()
    assert any(each.last for each in rig.packets)
    assert rig.broadcasts()[0].state is not BroadcastState.CANCELLED


def test_a_stream_that_comes_late_is_joined_and_still_ends_at_its_time(rig: Rig) -> None:
    rig.air.scripts = {FIRST: [[("stall", 60)]], SECOND: GOOD}
    rig.end()
    assert rig.sound()[0].base_ms > 5_000
    assert rig.row().ends_ms == pytest.approx(60_000, abs=20)


def test_what_comes_in_bursts_is_sent_in_real_time(rig: Rig) -> None:
    rig.air.scripts = {FIRST: [[("burst", 20), ("sound", 600)]], SECOND: GOOD}
    rig.run(START + timedelta(seconds=20))
    elapsed_ms = (rig.now_at - START).total_seconds() * 1000
    last = rig.sound()[-1]
    assert last.base_ms + last.first * FRAME_MS <= elapsed_ms + rig.row().delay_ms + 500


def test_a_stream_that_is_cut_off_at_full_scale_is_aired_and_said(rig: Rig) -> None:
    rig.air.scripts = {FIRST: [[("clipped", 600)]], SECOND: GOOD}
    rig.run(START + timedelta(seconds=20))
    assert {"relay_clipped"} == {each for each in rig.kinds() if each.startswith("relay")}
    assert rig.air.opened == [FIRST]


def test_a_stop_all_and_a_release_taken_back_end_it_at_once(rig: Rig) -> None:
    rig.run(START + timedelta(seconds=20))
    with rig.database.session() as s:
        stop_all.order(s, by=rig.by.officer, reason="thử", now_at=rig.now_at)
    rig.run(START + timedelta(seconds=26))
    assert (rig.row().state, rig.row().end_reason) == (LiveState.ENDED, "stop_all")
    assert rig.row().recording_sha256 is not None


def test_a_relay_that_is_no_longer_released_ends(rig: Rig) -> None:
    rig.run(START + timedelta(seconds=10))
    with rig.database.session() as s:
        choosing.remove(s, slot=s.get_one(Occurrence, rig.date_id).slot, by=rig.by.officer, now_at=rig.now_at)
    rig.run(START + timedelta(seconds=16))
    assert (rig.row().state, rig.row().end_reason) == (LiveState.ENDED, "revoked")


def test_a_change_before_its_time_puts_another_session_in_its_place(rig: Rig) -> None:
    with rig.database.session() as s:
        slot = s.get_one(Occurrence, rig.date_id).slot
        choosing.remove(s, slot=slot, by=rig.by.officer, now_at=NOW)
        freeze_occurrence(s, occurrence=s.get_one(Occurrence, rig.date_id), now_at=NOW)
    assert (rig.row().state, rig.row().end_reason) == (LiveState.ENDED, "cancelled")
    assert [each.state for each in rig.broadcasts()] == [BroadcastState.CANCELLED]
    rig.end()
    assert not rig.packets


def test_a_station_that_is_started_again_goes_on_with_what_is_left(rig: Rig) -> None:
    rig.run(START + timedelta(seconds=15))
    (on_air,) = rig.runner._open.values()
    on_air._file.close()
    rig.feeds.clear()
    rig.runner = rig.started()
    rig.runner._recover()
    rig.end()
    first, second = rig.broadcasts()
    assert (first.title, second.title) == ("Tiếp sóng trực tiếp VOV1",) * 2
    assert second.start_at + timedelta(milliseconds=second.duration_ms) <= START + MINUTE
    assert rig.row().end_reason == "longest"
    assert rig.row().recording_sha256 is not None


def test_a_node_whose_data_of_the_month_is_spent_is_left_out_and_may_hear_it_later(rig: Rig) -> None:
    with rig.database.session() as s:
        settings.write(s, "monthly_megabytes", 100)
        state = s.get(NodeState, rig.by.weak.id) or NodeState(node_id=rig.by.weak.id)
        s.add(state)
        state.health = {"bytes_this_month": 100_000_000}
    rig.run(START - timedelta(seconds=20))
    (broadcast,) = rig.broadcasts()
    by_node = {each.node_id: each for each in broadcast.deliveries}
    assert by_node[rig.by.weak.id].state is DeliveryState.MISSED
    assert by_node[rig.by.strong.id].state is DeliveryState.PLANNED
    with rig.database.reading() as s:
        assert content.for_node(s, node=rig.by.weak, now_at=rig.now_at).items == ()
