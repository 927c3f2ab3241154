"""A relay that is aired while it comes: from the slot's programme to packets, the recording, and what went wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import soundfile
from nacl.signing import SigningKey
from sqlalchemy import select

from broadcaster.audio.settings import AudioSettings
from broadcaster.live.on_air import Surroundings
from broadcaster.live.relay_feed import RelayFeed
from broadcaster.live.runner import LiveRunner
from broadcaster.protocol.live.packets import FRAME_MS, LivePacket, unpack
from broadcaster.protocol.values import DeliveryState
from broadcaster.relays.relaying import Relayed
from broadcaster.relays.settings import RelaySettings
from broadcaster.station.agendas import content
from broadcaster.station.broadcasts.steps import recording_of
from broadcaster.station.database.engine import Database
from broadcaster.station.matters.findings import findings
from broadcaster.station.programmes.programmes import freeze_occurrence
from broadcaster.station.relays import slot_relays
from broadcaster.station.relays.takes import DueTake
from broadcaster.station.rows import settings
from broadcaster.station.rules import stop_all
from broadcaster.station.schema import Broadcast, Clip, LiveSessionRow, NodeState, Occurrence, RelayTake
from broadcaster.station.vocabulary.states import BroadcastState, LiveState, TakeState
from tests.rig.commune import NOW, Commune
from tests.unit.relays.scripted import BLOCK_SECONDS, Air, Happening
from tests.unit.station.relays.relaying import FIRST, SECOND, START, date_of, relayed

pytestmark = pytest.mark.integration
KEY = SigningKey(bytes(range(32)))
GOOD: list[list[Happening]] = [[("sound", 600)]]
MINUTE = timedelta(minutes=1)
STEP = timedelta(milliseconds=400)
LOOK_EVERY = 8


@dataclass
class Rig:
    """A station whose clock the test moves together with the streams', and what it sent."""

    database: Database
    folder: Path
    by: Commune
    air: Air
    now_at: datetime = START - timedelta(seconds=30)
    packets: list[LivePacket] = field(default_factory=list)
    feeds: list[RelayFeed] = field(default_factory=list)
    date_id: str = ""
    steps: int = 0

    def __post_init__(self) -> None:
        self._air_from, self._from_at = self.air.now, self.now_at
        self.runner = self.started()
        with self.database.session() as s:
            slot = relayed(s, self.by, minutes=1, way="live")
            self.date_id = date_of(s, slot).id
            freeze_occurrence(s, occurrence=s.get_one(Occurrence, self.date_id), now_at=NOW)

    def started(self) -> LiveRunner:
        around = Surroundings(
            database=self.database,
            data_dir=self.folder,
            clips_dir=self.folder / "clips",
            station="con-minh",
            key=KEY,
            publish=self.sent,
            clock=lambda: self.now_at,
        )
        rules = RelaySettings(give_up_seconds=30)
        runner = LiveRunner(around, AudioSettings(encoder_complexity=0), rules, open_feed=self.opened)
        runner.prepare()
        return runner

    def opened(self, due: DueTake) -> RelayFeed:
        relayed_ = Relayed(due.addresses, self.air.pull, RelaySettings(), self.air.clock, holds_silence=False)
        feed = RelayFeed(relayed_, lufs=-16.0 + due.volume_db, sleep=self.slept, own_thread=False)
        self.feeds.append(feed)
        return feed

    def slept(self, seconds: float) -> None:
        self.air.now += seconds

    def sent(self, topic: str, payload: bytes) -> None:
        self.packets.append(unpack(payload, station="con-minh", session=topic.split("/")[4], key=KEY.verify_key))

    def run(self, until_at: datetime) -> None:
        """The time passes for station and streams together."""
        while self.now_at < until_at:
            self.steps += 1
            self.runner._looked = float("-inf") if self.steps % LOOK_EVERY == 0 else float("inf")
            self.runner.step()
            self.now_at += STEP
            pulling = bool(self.feeds and self.feeds[-1].is_started)
            while pulling and self.air.now - self._air_from < self._elapsed():
                self.feeds[-1].pump()
            if not pulling:
                self.air.now = self._air_from + self._elapsed()

    def _elapsed(self) -> float:
        return (self.now_at - self._from_at).total_seconds() + BLOCK_SECONDS

    def end(self) -> None:
        self.run(START + MINUTE + timedelta(seconds=6))

    def row(self) -> LiveSessionRow:
        with self.database.reading() as s:
            chosen = select(LiveSessionRow).order_by(LiveSessionRow.asked_at.desc(), LiveSessionRow.id)
            return s.scalars(chosen).unique().first() or pytest.fail("there is no session")

    def broadcasts(self) -> list[Broadcast]:
        with self.database.reading() as s:
            return list(s.scalars(select(Broadcast).order_by(Broadcast.start_at, Broadcast.position)).unique())

    def take(self) -> RelayTake:
        with self.database.reading() as s:
            return s.get_one(RelayTake, self.date_id)

    def kinds(self) -> set[str]:
        with self.database.reading() as s:
            return {each.kind for each in findings(s, now_at=self.now_at)}

    def sound(self) -> Sequence[LivePacket]:
        return [each for each in self.packets if each.frames]

    def recording(self) -> tuple[np.ndarray, int]:
        return soundfile.read(self.folder / "clips" / f"{self.row().recording_sha256}.ogg")  # type: ignore[no-any-return]


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


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ([("sound", 20), ("stall", 60)], "relay.stalled"),
        ([("sound", 20), ("silence", 60)], "relay.silent"),
        ([("sound", 20), ("over", 0)], "relay.ended"),
    ],
)
def test_a_stream_that_stalls_falls_silent_or_ends_is_followed_by_the_next(
    rig: Rig, script: list[Happening], reason: str
) -> None:
    rig.air.scripts = {FIRST: [script], SECOND: GOOD}
    rig.end()
    take = rig.take()
    assert take.state is TakeState.DONE
    assert (take.switches[0]["address"], reason in take.switches[0]["reason"]) == (FIRST, True)
    assert take.heard_ms > 40_000
    assert "relay_cut" in rig.kinds()
    assert rig.row().ends_ms == pytest.approx(60_000, abs=20)


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
        slot_relays.remove(s, slot=s.get_one(Occurrence, rig.date_id).slot, by=rig.by.officer, now_at=rig.now_at)
    rig.run(START + timedelta(seconds=16))
    assert (rig.row().state, rig.row().end_reason) == (LiveState.ENDED, "revoked")


def test_a_change_before_its_time_puts_another_session_in_its_place(rig: Rig) -> None:
    with rig.database.session() as s:
        slot = s.get_one(Occurrence, rig.date_id).slot
        slot_relays.remove(s, slot=slot, by=rig.by.officer, now_at=NOW)
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
