"""Record, then air: a stream is taken before its slot, becomes a clip, and stands first in the programme."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from broadcaster.config import Config, load
from broadcaster.refusals.reasons import Reason
from broadcaster.relay_taking import RelayTaking
from broadcaster.relays.events import Event
from broadcaster.relays.process import Order
from broadcaster.station.agendas import content, live_items
from broadcaster.station.clips import clips
from broadcaster.station.database.engine import Database
from broadcaster.station.matters import readiness
from broadcaster.station.matters.findings import findings
from broadcaster.station.programmes import mine
from broadcaster.station.programmes.programmes import freeze_occurrence, programme_of
from broadcaster.station.relays import sources, takes
from broadcaster.station.rows import settings
from broadcaster.station.schema import Announcement, Broadcast, Occurrence, RelayTake, Slot
from broadcaster.station.vocabulary.states import TakeState
from tests.rig.commune import NOW, Commune, rendered
from tests.rig.commune import approved as announced
from tests.rig.databases import ON_SQLITE
from tests.unit.relays.scripted import FAULTS, Air, Happening, faulty
from tests.unit.station.relays.relaying import FIRST, SECOND, START, chosen, date_of, relayed

pytestmark = [pytest.mark.integration, ON_SQLITE]
MINUTES = 1
BEGIN = START - timedelta(minutes=MINUTES + 5)
GOOD: list[list[Happening]] = [[("sound", 600)]]


@dataclass
class Station:
    """The station's part that takes streams, on a clock that the streams move."""

    database: Database
    config: Config
    air: Air
    at: datetime = BEGIN
    orders: list[Order] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._from = self.air.now
        self.taking = RelayTaking(self.database, self.config, self.clock, pull=self._pull)

    def clock(self) -> datetime:
        return self.at + timedelta(seconds=self.air.now - self._from)

    def move(self, at: datetime) -> None:
        self.at, self._from = at, self.air.now

    def _pull(self, order: Order) -> AbstractContextManager[Iterator[Event]]:
        self.orders.append(order)
        return self.air.pull(order.address)


@pytest.fixture
def station(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Station:
    config = load(environ={"LOA_DATA_DIR": str(tmp_path), "LOA_AUDIO__ENCODER_COMPLEXITY": "0"})
    made = Station(database, config, Air({FIRST: GOOD, SECOND: GOOD}))
    monkeypatch.setattr("broadcaster.relay_taking.time.monotonic", made.air.clock)
    return made


@pytest.fixture
def date_id(database: Database, commune: Commune) -> str:
    with database.session() as s:
        return date_of(s, relayed(s, commune, minutes=MINUTES)).id


def take_of(database: Database, date_id: str) -> RelayTake | None:
    with database.reading() as s:
        return s.get(RelayTake, date_id)


def heard(database: Database, date_id: str, at: datetime) -> list[str]:
    with database.session() as s:
        found = freeze_occurrence(s, occurrence=s.get_one(Occurrence, date_id), now_at=at)
        return [each.title for each in found]


def test_it_is_taken_once_made_a_clip_and_aired_from_the_nodes_disks(
    station: Station, commune: Commune, date_id: str
) -> None:
    assert station.taking.run_once() == 1
    take = take_of(station.database, date_id)
    assert take is not None
    assert (take.state, take.heard_ms, take.switches) == (TakeState.DONE, 60_000, [])
    assert station.taking.run_once() == 0
    assert station.clock() < START - timedelta(minutes=4)
    assert heard(station.database, date_id, station.clock()) == ["Tiếp sóng VOV1"]
    with station.database.reading() as s:
        (broadcast,) = s.query(Broadcast).all()
        assert broadcast.start_at == START
        assert broadcast.duration_ms == pytest.approx(60_400, abs=60)
        assert clips.path(station.config.clips_dir, take.clip_sha256 or "").stat().st_size < 200_000
        assert len(broadcast.deliveries) == 2
        (item,) = content.for_node(s, node=commune.strong, now_at=station.clock()).items
        assert item.gives_way


def test_announcements_follow_what_was_relayed(station: Station, commune: Commune, date_id: str) -> None:
    from broadcaster.station.programmes import slots

    item = announced(station.database, commune, title="Tin xã")
    with station.database.session() as s:
        slot = s.get_one(Occurrence, date_id).slot
        announcement = s.get_one(Announcement, item.id)
        slots.put(s, slot=slot, announcement=announcement, first_on=START.date(), by=commune.officer, now_at=NOW)
    assert heard(station.database, date_id, NOW) == ["Tin xã"]
    station.taking.run_once()
    assert heard(station.database, date_id, station.clock()) == ["Tiếp sóng VOV1", "Tin xã"]


def test_nothing_is_taken_before_its_time_nor_without_a_release(
    station: Station, commune: Commune, date_id: str
) -> None:
    station.move(BEGIN - timedelta(hours=1))
    assert station.taking.run_once() == 0
    with station.database.session() as s:
        slot = s.get_one(Occurrence, date_id).slot
        chosen(s, commune, slot, *sources_of(s), minutes=MINUTES, volume_db=3)
    station.move(BEGIN)
    assert (station.taking.run_once(), station.air.opened) == (0, [])
    with station.database.reading() as s:
        planned = programme_of(s, s.get_one(Slot, slot.id), start_at=START)
    assert planned.left_out == [Reason("programme.relay_not_approved", names="VOV1")]


def sources_of(s: object) -> list[str]:
    return [each.id for each in sources.listing(s)]  # type: ignore[arg-type]


def test_ten_minutes_before_every_address_is_tried_once_and_trouble_is_a_matter(station: Station, date_id: str) -> None:
    station.air.scripts = {FIRST: [[("over", 0)]], SECOND: GOOD}
    station.move(BEGIN - timedelta(minutes=9))
    assert station.taking.run_once() == 1
    assert station.air.opened == [FIRST, SECOND]
    assert station.taking.run_once() == 0
    with station.database.reading() as s:
        (found,) = [each for each in findings(s, now_at=station.clock()) if each.kind == "relay_source_silent"]
        assert found.details["name"] == "VOV1"
        planned = programme_of(s, s.get_one(Occurrence, date_id).slot, start_at=START)
    assert planned.left_out == [Reason("programme.relay_to_come", names="VOV1", at=BEGIN)]


def test_readiness_says_which_source_of_a_live_relay_gives_no_sound(station: Station, commune: Commune) -> None:
    with station.database.session() as s:
        date = date_of(s, relayed(s, commune, minutes=MINUTES, way="live"))
        chime = clips.record(s, rendered("chime", duration_ms=2600), "live-chime", NOW)
        settings.write(s, live_items.CHIMES, {"routine": chime.sha256})
        freeze_occurrence(s, occurrence=date, now_at=NOW)
    station.air.scripts = {FIRST: [[("over", 0)]], SECOND: GOOD}
    station.move(START - timedelta(minutes=9))
    assert station.taking.run_once() == 1
    with station.database.reading() as s:
        (one,) = readiness.soon(s, now_at=station.clock())
    assert one.sources == (Reason("readiness.source_silent", name="VOV1", why=Reason("relay.ended")),)


def test_every_fault_of_a_stream_leads_to_the_next_and_is_a_matter(station: Station, date_id: str) -> None:
    station.air.scripts = faulty([FIRST, SECOND])
    seen: list[str] = []
    station.air.when_opened = lambda: seen.extend(kinds(station))
    station.taking.run_once()
    take = take_of(station.database, date_id)
    assert take is not None
    assert (take.state, take.heard_ms) == (TakeState.DONE, 60_000)
    found = [(each["address"], json.loads(each["reason"])["code"]) for each in take.switches]
    assert found == [([FIRST, SECOND][number % 2], reason) for number, (reason, _script) in enumerate(FAULTS)]
    assert seen == ["relay_cut"] * (len(FAULTS) - 1)
    with station.database.reading() as s:
        (found_cut,) = [each for each in findings(s, now_at=station.clock()) if each.kind == "relay_cut"]
        assert (found_cut.details["heard_seconds"], found_cut.details["asked_seconds"]) == (60, 60)


def kinds(station: Station) -> list[str]:
    with station.database.reading() as s:
        return [each.kind for each in findings(s, now_at=station.clock()) if each.kind.startswith("relay")]


def test_when_no_stream_gives_sound_the_slot_plays_its_announcements_and_says_why(
    station: Station, date_id: str
) -> None:
    station.air.scripts = {FIRST: [[("silence", 60)]], SECOND: [[("over", 0)]]}
    station.taking.run_once()
    take = take_of(station.database, date_id)
    assert take is not None
    assert (take.state, take.clip_sha256) == (TakeState.FAILED, None)
    assert heard(station.database, date_id, station.clock()) == []
    with station.database.reading() as s:
        kinds = {each.kind for each in findings(s, now_at=station.clock())}
        reason = s.get_one(Occurrence, date_id).reason
    assert "relay_failed" in kinds
    assert reason is not None
    assert reason.facts["why"][0].code == "programme.relay_failed"


def test_a_stream_that_never_ends_is_cut_at_its_length_and_one_that_is_slow_at_its_time(
    station: Station, date_id: str
) -> None:
    station.air.scripts = {FIRST: [[("burst", 3_000)]], SECOND: GOOD}
    station.taking.run_once()
    take = take_of(station.database, date_id)
    assert take is not None
    assert take.heard_ms == 60_000
    assert all(order.most_bytes < 20_000_000 for order in station.orders)


def test_it_ends_at_its_time_although_little_was_heard(station: Station, date_id: str) -> None:
    station.air.scripts = {FIRST: [[("sound", 0.5), ("stall", 4)] * 100], SECOND: GOOD}
    station.taking.run_once()
    take = take_of(station.database, date_id)
    assert take is not None
    assert take.state is TakeState.FAILED
    assert station.clock() <= BEGIN + timedelta(minutes=MINUTES, seconds=40)


def test_what_is_changed_meanwhile_is_not_aired(station: Station, commune: Commune, date_id: str) -> None:
    station.taking.run_once()
    with station.database.session() as s:
        slot = s.get_one(Occurrence, date_id).slot
        chosen(s, commune, slot, *sources_of(s), minutes=MINUTES, volume_db=-6)
    assert heard(station.database, date_id, station.clock()) == []


def test_a_second_station_takes_only_what_the_first_left(station: Station, date_id: str) -> None:
    with station.database.session() as s:
        (due,) = takes.coming(s, now_at=BEGIN)
        assert takes.claim(s, due, worker="another", now_at=BEGIN)
        assert not takes.claim(s, due, worker="mine", now_at=BEGIN)
        assert takes.beat(s, due, worker="another", heard_ms=1, now_at=BEGIN)
        assert not takes.beat(s, due, worker="mine", heard_ms=1, now_at=BEGIN)
    assert station.taking.run_once() == 0
    with station.database.session() as s:
        assert takes.is_open(s, due, now_at=BEGIN + timedelta(seconds=50))
        assert takes.claim(s, due, worker="mine", now_at=BEGIN + timedelta(seconds=50))


def test_a_date_that_only_relays_is_not_called_empty(station: Station, date_id: str) -> None:
    with station.database.reading() as s:
        from zoneinfo import ZoneInfo

        assert mine.empty_sessions(s, START.date(), timezone=ZoneInfo("Asia/Ho_Chi_Minh")) == []
