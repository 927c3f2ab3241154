"""What somebody has to deal with stays until somebody says that it is dealt with."""

from datetime import datetime, timedelta

import pytest

from broadcaster.errors import Conflict, NotAllowed
from broadcaster.protocol.status import NodeHealth, NodeStatus
from broadcaster.protocol.values import ClockState, DeliveryState
from broadcaster.refusals.reasons import Reason, encode
from broadcaster.station.broadcasts import broadcasts, receipts
from broadcaster.station.clips import jobs
from broadcaster.station.database.engine import Database
from broadcaster.station.matters import matters
from broadcaster.station.matters.findings import findings
from broadcaster.station.nodes import nodes
from broadcaster.station.programmes import slots
from broadcaster.station.rows import heartbeats
from broadcaster.station.schema import AuditEntry, Occurrence, Person
from broadcaster.station.vocabulary.states import OccurrenceState
from tests.rig.commune import NOW, Commune, approved, fact, write

pytestmark = pytest.mark.integration
LATER = NOW + timedelta(minutes=11)


def speak(database: Database, node: str, connection: int, *, at: datetime = NOW, **stated: object) -> None:
    """A node says how it is."""
    usual: dict[str, object] = {"online": True, "clock": ClockState.SYNCED, "sound": "alsa", "volume_percent": 90}
    status = NodeStatus(node=node, connection=connection, at=at, **(usual | stated))  # type: ignore[arg-type]
    with database.session() as s:
        nodes.record_status(s, status=status, now_at=at)


def observe(database: Database, at: datetime) -> int:
    with database.reading() as s:
        news = matters.is_news(s, findings(s, now_at=at))
    with database.session() as s:
        changed = matters.observe(s, now_at=at)
    assert news is (changed > 0)
    return changed


def waiting(database: Database) -> list[tuple[str, str, bool]]:
    """Kind, subject, and whether it still lasts."""
    with database.reading() as s:
        return [(each.kind, each.subject, each.over_at is None) for each in matters.waiting(s)]


def deal(database: Database, by: Person, at: datetime, note: str = "") -> None:
    with database.session() as s:
        matters.deal(s, matter=matters.waiting(s)[0], by=by, now_at=at, note=note)


def test_a_node_away_for_ten_minutes_is_a_matter_even_after_it_came_back(database: Database, commune: Commune) -> None:
    speak(database, "ban-cuon", 1)
    assert observe(database, NOW + timedelta(minutes=9)) == 0
    assert observe(database, LATER) == 1
    assert observe(database, LATER) == 0
    assert waiting(database) == [("pole_silent", "node:ban-cuon", True)]
    speak(database, "ban-cuon", 1, at=LATER)
    assert observe(database, LATER) == 1
    assert waiting(database) == [("pole_silent", "node:ban-cuon", False)]


def test_a_station_that_could_not_hear_accuses_no_node_and_acquits_none(database: Database, commune: Commune) -> None:
    speak(database, "ban-cuon", 1)
    observe(database, LATER)
    speak(database, "lung-pang", 1)
    with database.session() as s:
        assert matters.observe(s, now_at=LATER, listening_since_at=LATER - timedelta(minutes=1)) == 0
    assert waiting(database) == [("pole_silent", "node:ban-cuon", True)]
    observe(database, LATER)
    assert len(waiting(database)) == 2


def test_a_link_that_comes_and_goes_is_one_matter_that_counts(database: Database, commune: Commune) -> None:
    for hour in range(3):
        speak(database, "ban-cuon", 1, at=NOW + timedelta(hours=hour))
        observe(database, NOW + timedelta(hours=hour))
        observe(database, LATER + timedelta(hours=hour))
    with database.reading() as s:
        [matter] = matters.waiting(s)
    assert (matter.times, matter.began_at) == (3, LATER)


def test_what_is_dealt_with_while_it_lasts_stays_away_until_it_begins_anew(
    database: Database, commune: Commune
) -> None:
    speak(database, "ban-cuon", 1)
    observe(database, LATER)
    deal(database, commune.officer, LATER, "Đã gọi bác Páo bật lại điện.")
    assert observe(database, LATER + timedelta(hours=1)) == 0
    assert waiting(database) == []
    back_at = LATER + timedelta(hours=2)
    speak(database, "ban-cuon", 1, at=back_at)
    observe(database, back_at)
    assert waiting(database) == []
    observe(database, back_at + timedelta(minutes=20))
    assert waiting(database) == [("pole_silent", "node:ban-cuon", True)]
    with database.reading() as s:
        [dealt] = matters.listing(s, dealt=True).items
        audited = s.query(AuditEntry).filter(AuditEntry.action == "matter.dealt").one()
    assert (dealt.note, dealt.dealt_by and dealt.dealt_by.id) == ("Đã gọi bác Páo bật lại điện.", commune.officer.id)
    assert audited.details["note"] == "Đã gọi bác Páo bật lại điện."


def test_what_is_over_and_dealt_with_may_happen_again_at_once(database: Database, commune: Commune) -> None:
    speak(database, "ban-cuon", 1)
    observe(database, LATER)
    speak(database, "ban-cuon", 1, at=LATER)
    observe(database, LATER)
    deal(database, commune.administrator, LATER)
    observe(database, LATER + timedelta(minutes=20))
    assert waiting(database) == [("pole_silent", "node:ban-cuon", True)]


def test_a_node_that_somebody_must_go_to_is_a_matter(database: Database, commune: Commune) -> None:
    speak(database, "ban-cuon", 1, muted=True, health=NodeHealth(under_voltage=True))
    observe(database, NOW)
    with database.reading() as s:
        [matter] = matters.waiting(s)
    assert (matter.kind, matter.details["name"]) == ("pole_trouble", "Bản Cuôn")
    assert matter.details["reasons"] == [encode(Reason("node.muted")), encode(Reason("node.under_voltage"))]


def test_a_broadcast_that_did_not_reach_everybody_is_a_matter_for_a_day(database: Database, commune: Commune) -> None:
    announcement = approved(database, commune)
    with database.session() as s:
        broadcast = broadcasts.broadcast_now(s, announcement=announcement, by=commune.officer, now_at=NOW)
    with database.session() as s:
        played = [fact(broadcast, DeliveryState.PLAYED, 1, played_ms=20_000)]
        receipts.store(s, node_id="ban-cuon", receipts=played, now_at=NOW)
    over_at = NOW + timedelta(hours=2)
    with database.session() as s:
        broadcasts.settle(s, now_at=over_at)
    observe(database, over_at)
    with database.reading() as s:
        [matter] = matters.waiting(s)
    assert (matter.kind, matter.details["played"], matter.details["nodes"]) == ("broadcast_failed", 1, 2)
    observe(database, NOW + timedelta(hours=25))
    assert [each[2] for each in waiting(database)] == [False]


def test_a_date_that_was_missed_and_a_clip_that_failed_are_matters(database: Database, commune: Commune) -> None:
    write(database, commune.officer, title="Không có tiếng")
    rule = {"weekdays": [0], "times": ["17:00"]}
    with database.session() as s:
        job = jobs.claim(s, worker="test", now_at=NOW)
        assert job
        jobs.fail(s, job_id=job.id, worker="test", error=Reason("speech.no_engine"), now_at=NOW)
        slot = slots.add_slot(s, name="Chiều", rule=rule, zones=["con-minh"], by=None, now_at=NOW)
        missed = OccurrenceState.MISSED
        s.add(Occurrence(slot_id=slot.id, start_at=NOW, state=missed, reason=Reason("occurrence.station_off")))
    observe(database, NOW + timedelta(hours=1))
    assert {kind for kind, _subject, _lasts in waiting(database)} == {"clip_failed", "date_missed"}


def test_nobody_deals_with_a_matter_twice_and_a_viewer_never(database: Database, commune: Commune) -> None:
    speak(database, "ban-cuon", 1)
    observe(database, LATER)
    with pytest.raises(NotAllowed, match=r"matter\.only_viewing"):
        deal(database, commune.viewer, LATER)
    with database.session() as s:
        [matter] = matters.waiting(s)
        matters.deal(s, matter=matter, by=commune.officer, now_at=LATER)
        s.flush()
        s.refresh(matter)
        with pytest.raises(Conflict, match=r"matter\.dealt_with"):
            matters.deal(s, matter=matter, by=commune.administrator, now_at=LATER)


def test_a_node_that_says_what_none_should_is_a_matter(database: Database, commune: Commune) -> None:
    speak(database, "ban-cuon", 1)
    speak(database, "lung-pang", 1)
    conduct = {"ban-cuon": {"unknown": 20_000}, "nobody-here": {"excess": 5}}
    with database.session() as s:
        heartbeats.beat(s, "publisher", NOW, {"connected": True, "conduct": conduct})
    observe(database, NOW)
    assert ("node_conduct", "node:ban-cuon", True) in waiting(database)
    assert not any(subject == "node:nobody-here" for _, subject, _ in waiting(database))
