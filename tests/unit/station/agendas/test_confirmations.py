"""Which nodes have not confirmed an edit."""

from datetime import timedelta

import pytest

from broadcaster.protocol.status import NodeStatus
from broadcaster.protocol.values import DeliveryState
from broadcaster.station.agendas import confirmations
from broadcaster.station.broadcasts import broadcasts, receipts
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import nodes
from broadcaster.station.schema import AgendaIssue, Broadcast
from tests.rig.commune import NOW, Commune, approved, fact

pytestmark = pytest.mark.integration


def issue(database: Database, node_id: str, number: int, *, seconds: int = 0) -> None:
    at = NOW + timedelta(seconds=seconds)
    with database.session() as s:
        row = AgendaIssue(
            node_id=node_id, number=number, digest="x", token=b"x", issued_at=at, expires_at=at + timedelta(days=7)
        )
        s.merge(row)


def obeys(database: Database, node_id: str, number: int) -> None:
    with database.session() as s:
        said = NodeStatus(node=node_id, connection=number, online=True, at=NOW, agenda_number=number)
        nodes.record_status(s, status=said, now_at=NOW)


def behind(database: Database, broadcast: Broadcast | None = None) -> list[str]:
    with database.reading() as s:
        if broadcast is None:
            found = confirmations.unconfirmed(s, now_at=NOW)
        else:
            found = confirmations.unconfirmed_of(s, broadcasts.get(s, broadcast.id), now_at=NOW)
        return [each.node.id for each in found]


def ordered(database: Database, commune: Commune) -> Broadcast:
    announcement = approved(database, commune)
    with database.session() as s:
        return broadcasts.broadcast_now(s, announcement=announcement, by=commune.officer, now_at=NOW)


def test_a_node_confirms_by_naming_the_newest_agenda(database: Database, commune: Commune) -> None:
    assert behind(database) == ["ban-cuon", "lung-pang"]
    for node_id in ("ban-cuon", "lung-pang"):
        issue(database, node_id, 2)
    obeys(database, "ban-cuon", 2)
    obeys(database, "lung-pang", 1)
    assert behind(database) == ["lung-pang"]


def test_a_revoked_node_is_not_waited_for(database: Database, commune: Commune) -> None:
    with database.session() as s:
        nodes.revoke_node(s, node=nodes.get(s, "lung-pang"), by=commune.administrator, now_at=NOW)
    assert behind(database) == ["ban-cuon"]


def test_a_cancellation_is_confirmed_by_an_agenda_issued_since_or_by_a_receipt(
    database: Database, commune: Commune
) -> None:
    broadcast = ordered(database, commune)
    for node_id in ("ban-cuon", "lung-pang"):
        issue(database, node_id, 2)
        obeys(database, node_id, 2)
    assert behind(database, broadcast) == []
    with database.session() as s:
        current = broadcasts.get(s, broadcast.id)
        broadcasts.cancel(s, broadcast=current, by=commune.officer, now_at=NOW + timedelta(seconds=5))
    assert behind(database, broadcast) == ["ban-cuon", "lung-pang"]
    issue(database, "ban-cuon", 3, seconds=6)
    obeys(database, "ban-cuon", 3)
    assert behind(database, broadcast) == ["lung-pang"]
    with database.session() as s:
        said = [fact(broadcast, DeliveryState.CANCELLED, 1)]
        receipts.store(s, node_id="lung-pang", receipts=said, now_at=NOW)
    assert behind(database, broadcast) == []
