"""How long before its first sample an order is given."""

from datetime import timedelta

import pytest

from broadcaster.protocol.status import NodeStatus
from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.broadcasts.freezing import STANDARD, StandardTiming
from broadcaster.station.broadcasts.leads import lead
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import nodes
from broadcaster.station.schema import AgendaIssue, Announcement, Node, NodeState
from tests.rig.commune import NOW, Commune, approved

pytestmark = pytest.mark.integration

LATER = NOW + timedelta(minutes=5)
QUICK_MS, SLOW_MS = 150, 2_000
USUAL = timedelta(seconds=1)


def answer(database: Database, node: Node, *answers_ms: int, first: int = 2, **said: object) -> None:
    """The node, which is there, obeys one agenda after the other, each after so long."""
    hear(database, node, agenda_number=first - 1, **said)
    for number, took_ms in enumerate(answers_ms, start=first):
        with database.session() as s:
            s.merge(
                AgendaIssue(
                    node_id=node.id, number=number, digest="0" * 64, token=b"x", issued_at=LATER, expires_at=LATER
                )
            )
        hear(database, node, after_ms=took_ms, agenda_number=number, **said)


def hear(database: Database, node: Node, *, after_ms: int = 0, **said: object) -> None:
    words = {"connection": 1, "online": True, "at": LATER, "boot": "a", "pre_roll_ms": 0} | said
    with database.session() as s:
        heard_at = LATER + timedelta(milliseconds=after_ms)
        nodes.record_status(s, status=NodeStatus(node=node.id, **words), now_at=heard_at)  # type: ignore[arg-type]


def given(
    database: Database,
    announcement: Announcement,
    *ordered: Node,
    timing: StandardTiming = STANDARD,
    after: timedelta = timedelta(minutes=5),
) -> timedelta:
    with database.reading() as s:
        return lead(s, ordered, announcement, now_at=NOW + after, timing=timing)


def test_nodes_of_which_nothing_is_known_get_the_usual_lead(database: Database, commune: Commune) -> None:
    announcement = approved(database, commune)
    assert given(database, announcement, commune.strong, commune.weak) == USUAL


def test_quick_nodes_get_a_short_one(database: Database, commune: Commune) -> None:
    announcement = approved(database, commune)
    answer(database, commune.strong, *[QUICK_MS] * 3)
    assert given(database, announcement, commune.strong) == timedelta(seconds=0.45)


def test_it_is_never_shorter_than_the_station_allows(database: Database, commune: Commune) -> None:
    announcement = approved(database, commune)
    answer(database, commune.strong, *[QUICK_MS] * 3)
    timing = StandardTiming(shortest_lead_seconds=0.8)
    assert given(database, announcement, commune.strong, timing=timing) == timedelta(seconds=0.8)


def test_the_slowest_node_decides_so_that_all_start_together(database: Database, commune: Commune) -> None:
    announcement = approved(database, commune)
    answer(database, commune.strong, *[QUICK_MS] * 3)
    answer(database, commune.weak, *[SLOW_MS] * 8)
    assert given(database, announcement, commune.strong, commune.weak) == timedelta(seconds=2.3)


def test_a_weak_link_has_to_be_quick_many_times_and_one_slow_answer_counts(
    database: Database, commune: Commune
) -> None:
    announcement = approved(database, commune)
    answer(database, commune.weak, *[QUICK_MS] * 7)
    assert given(database, announcement, commune.weak) == USUAL
    answer(database, commune.weak, QUICK_MS, first=9)
    assert given(database, announcement, commune.weak) == timedelta(seconds=0.45)
    answer(database, commune.weak, SLOW_MS, first=10)
    assert given(database, announcement, commune.weak) == timedelta(seconds=2.3)


def test_a_single_slow_answer_is_chance_two_are_not(database: Database, commune: Commune) -> None:
    announcement = approved(database, commune)
    answer(database, commune.strong, QUICK_MS, QUICK_MS, SLOW_MS, QUICK_MS)
    assert given(database, announcement, commune.strong) == timedelta(seconds=0.45)
    answer(database, commune.strong, SLOW_MS, first=6)
    assert given(database, announcement, commune.strong) == timedelta(seconds=2.3)


def test_an_amplifier_that_wakes_slowly_is_waited_for_but_not_in_an_emergency(
    database: Database, commune: Commune
) -> None:
    answer(database, commune.strong, *[QUICK_MS] * 3, pre_roll_ms=3_000)
    routine = approved(database, commune)
    assert given(database, routine, commune.strong) == timedelta(seconds=3.45)
    alarm = approved(database, commune, title="Bão", broadcast_class="emergency")
    assert alarm.broadcast_class is BroadcastClass.EMERGENCY
    assert given(database, alarm, commune.strong) == USUAL


@pytest.mark.parametrize("said", [{"playing": "broadcast-of-before"}, {"clips_missing": 1}, {"agenda_number": 3}])
def test_a_node_that_plays_or_has_not_everything_yet_gets_the_usual_lead(
    database: Database, commune: Commune, said: dict[str, object]
) -> None:
    announcement = approved(database, commune)
    answer(database, commune.strong, *[QUICK_MS] * 3)
    hear(database, commune.strong, **{"agenda_number": 4} | said)
    assert given(database, announcement, commune.strong) == USUAL


def test_what_was_released_a_moment_ago_is_not_on_the_nodes_yet(database: Database, commune: Commune) -> None:
    announcement = approved(database, commune)
    answer(database, commune.strong, *[QUICK_MS] * 3)
    assert given(database, announcement, commune.strong, after=timedelta(seconds=1)) == USUAL


def test_a_node_that_is_not_there_keeps_nobody_waiting(database: Database, commune: Commune) -> None:
    announcement = approved(database, commune)
    answer(database, commune.strong, *[QUICK_MS] * 3)
    answer(database, commune.weak, *[SLOW_MS] * 8)
    hear(database, commune.weak, online=False, at=None, boot="")
    assert given(database, announcement, commune.strong, commune.weak) == timedelta(seconds=0.45)


def test_what_a_new_connection_brings_is_no_answer(database: Database, commune: Commune) -> None:
    answer(database, commune.strong, QUICK_MS)
    answer(database, commune.strong, SLOW_MS, first=3)
    hear(database, commune.strong, connection=2, agenda_number=2)
    with database.session() as s:
        s.get_one(AgendaIssue, commune.strong.id).number = 4
    hear(database, commune.strong, connection=3, agenda_number=4, after_ms=SLOW_MS)
    with database.reading() as s:
        assert s.get_one(NodeState, commune.strong.id).answers_ms == [QUICK_MS, SLOW_MS]
