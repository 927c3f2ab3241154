"""What a crossing does: people are told, an order waits for people, and nothing sounds by itself from the station."""

from datetime import timedelta

import pytest

from broadcaster.protocol.gauges.readings import Reading
from broadcaster.protocol.values import DeliveryState
from broadcaster.station.alerts import proposals
from broadcaster.station.announcements import announcements
from broadcaster.station.broadcasts import receipts
from broadcaster.station.crossings import exercises, taking
from broadcaster.station.database.engine import Database
from broadcaster.station.gauges import gauges, rules
from broadcaster.station.schema import Broadcast, EmergencyOrder, Notice, ReceivedAlert
from broadcaster.station.vocabulary.notices import NoticeKind
from broadcaster.station.vocabulary.states import AlertOutcome
from tests.rig.alerts.gauges import AT, WARNING, deputy, gauge, make_clips, rule, say, speaking, warning
from tests.rig.commune import Commune, fact

pytestmark = pytest.mark.integration


def notices(database: Database) -> list[str]:
    with database.reading() as s:
        found = s.query(Notice).filter(Notice.kind == NoticeKind.GAUGE_CROSSED).order_by(Notice.made_at, Notice.id)
        return [each.title.code for each in found]


def waiting(database: Database) -> list[ReceivedAlert]:
    with database.reading() as s:
        return proposals.waiting(s)


def test_a_crossing_tells_people_once_and_again_only_after_it_was_over(database: Database, commune: Commune) -> None:
    measured = gauge(database, commune)
    rule(database, commune, measured, rest_seconds=600)
    say(database, measured, [3.0, 3.1])
    assert notices(database) == []
    say(database, measured, [3.2, 3.3, 2.5, 3.4], begin_at=AT + timedelta(minutes=2))
    assert notices(database) == ["notice.gauge_crossed"]
    say(database, measured, [1.9, *[3.0] * 12], begin_at=AT + timedelta(minutes=6))
    assert len(notices(database)) == 2
    assert waiting(database) == []


def test_a_prepared_order_waits_for_people_with_words_and_hamlet_and_goes_when_the_water_falls(
    database: Database, commune: Commune
) -> None:
    measured, words = gauge(database, commune), warning(database, commune)
    rule(database, commune, measured, does="prepare", announcement_id=words.id)
    say(database, measured, [3.0, 3.1, 3.2])
    [row] = waiting(database)
    assert (row.title, row.zones, row.outcome) == ("Nước dâng", ["ban-cuon"], AlertOutcome.PREPARED)
    with database.reading() as s:
        made = announcements.get(s, row.announcement_id or "")
        assert (made.text, made.drill, made.id != words.id) == (WARNING, False, True)
    make_clips(database)
    with database.session() as s:
        proposals.carry_on(s, now_at=AT + timedelta(minutes=3))
    with database.reading() as s:
        assert s.query(Broadcast).count() == s.query(EmergencyOrder).count() == 0
    say(database, measured, [1.0], begin_at=AT + timedelta(minutes=4))
    assert waiting(database) == []


def test_what_may_speak_prepares_nothing_and_what_may_not_prepares_the_order(
    database: Database, commune: Commune
) -> None:
    second = deputy(database)
    allowed, asked = gauge(database, commune), gauge(database, commune, "Cầu treo")
    speaking(database, commune, allowed, commune.approver, second)
    say(database, allowed, [3.0, 3.1, 3.2])
    assert (notices(database), waiting(database)) == (["notice.gauge_speaks"], [])
    speaking(database, commune, asked, commune.approver)
    say(database, asked, [3.0, 3.1, 3.2], begin_at=AT + timedelta(minutes=5))
    assert notices(database) == ["notice.gauge_speaks", "notice.gauge_crossed"]
    assert len(waiting(database)) == 1
    with database.reading() as s:
        assert s.query(Broadcast).count() == 0


def test_a_crossing_heard_of_hours_later_tells_nobody_what_to_do(database: Database, commune: Commune) -> None:
    measured, words = gauge(database, commune), warning(database, commune)
    rule(database, commune, measured, does="prepare", announcement_id=words.id)
    said = [Reading(at=AT + timedelta(minutes=number), value=5.0) for number in range(3)]
    with database.session() as s:
        taking.take(s, gauges.get(s, measured.id), said, now_at=AT + timedelta(hours=3))
    assert (notices(database), waiting(database)) == ([], [])


def test_the_monthly_test_speaks_as_a_drill_and_only_what_two_people_allowed(
    database: Database, commune: Commune
) -> None:
    allowance = speaking(database, commune, gauge(database, commune), commune.approver, deputy(database))
    assert allowance is not None
    later = AT + timedelta(days=32)
    with database.reading() as s:
        assert [each.id for each in exercises.untested(s, now_at=later)] == [allowance.rule_id]
        assert exercises.untested(s, now_at=AT + timedelta(days=30)) == []
    for _ in range(2):
        with database.session() as s:
            tested = rules.get(s, allowance.rule_id)
            exercises.sound_now(s, tested, key="tháng 1", by=commune.officer, now_at=later)
    with database.reading() as s:
        [made] = s.query(Broadcast).all()
        assert (made.drill, made.script.startswith("Đây là diễn tập.")) == (True, True)
        assert [each.id for each in exercises.untested(s, now_at=later)] == [allowance.rule_id], "no node said so yet"
    node_id = made.deliveries[0].node_id
    with database.session() as s:
        receipts.store(s, node_id=node_id, receipts=[fact(made, DeliveryState.INTERRUPTED, 1)], now_at=later)
        assert exercises.sounded_at(s, rules.get(s, allowance.rule_id)) is None
    with database.session() as s:
        played = fact(made, DeliveryState.PLAYED, 2, played_ms=made.duration_ms)
        receipts.store(s, node_id=node_id, receipts=[played], now_at=later)
    with database.reading() as s:
        assert exercises.untested(s, now_at=later) == []
        assert exercises.sounded_at(s, rules.get(s, allowance.rule_id)) == made.start_at
