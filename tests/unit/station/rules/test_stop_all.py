"""Silence for the whole commune."""

from datetime import timedelta

import pytest

from broadcaster.protocol.status import NodeStatus
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import nodes
from broadcaster.station.rules import stop_all
from broadcaster.station.schema import StopAll
from tests.rig.commune import NOW, Commune

pytestmark = pytest.mark.integration


def test_lifting_ends_every_order_taken_at_the_same_instant(database: Database, commune: Commune) -> None:
    with database.session() as s:
        s.add_all(StopAll(ordered_by_id=commune.officer.id, ordered_at=NOW, reason="") for _ in range(2))
    with database.session() as s:
        stop_all.ask_lift(s, by=commune.officer, now_at=NOW)
    with database.session() as s:
        stop_all.lift(s, by=commune.approver, now_at=NOW)
    with database.reading() as s:
        assert stop_all.in_force(s) is None


def test_a_node_counts_as_silent_only_once_it_said_so_and_is_still_heard(database: Database, commune: Commune) -> None:
    with database.session() as s:
        stop_all.order(s, by=commune.officer, reason="Phát nhầm", now_at=NOW)
        assert [node.id for node in stop_all.not_yet_silent(s)] == ["ban-cuon", "lung-pang"]
    for online in (True, False):
        with database.session() as s:
            at = NOW + timedelta(seconds=1)
            said = NodeStatus(node="ban-cuon", connection=1, online=online, at=at, stopped=True)
            nodes.record_status(s, status=said, now_at=at)
            expected = ["lung-pang"] if online else ["ban-cuon", "lung-pang"]
            assert [node.id for node in stop_all.not_yet_silent(s)] == expected
