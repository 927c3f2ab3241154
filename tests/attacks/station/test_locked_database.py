"""Somebody holds the database locked: orders and stop-all are answered, reach the nodes, and are written down later."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from broadcaster.delivery.service import DeliveryService
from broadcaster.errors import Unavailable
from broadcaster.protocol.values import BroadcastClass, DeliveryState
from broadcaster.station.audit import entries as audit
from broadcaster.station.broadcasts.freezing import BroadcastPlan, freeze
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import nodes
from broadcaster.station.rules import stop_all
from broadcaster.station.schema import AgendaIssue, Announcement, Broadcast, Membership, Person
from broadcaster.station.vocabulary.states import Role
from tests.attacks.station.locking import locked
from tests.integration.delivery.commune import Commune, now
from tests.integration.delivery.probe import eventually
from tests.rig.running.busy import stretched

pytestmark = pytest.mark.integration
ANSWERED_SECONDS, REACHED_SECONDS = 3.0, 3.0


@pytest.fixture
def commune(tmp_path: Path) -> Iterator[Commune]:
    database = Database(f"sqlite:///{tmp_path}/loa.db", audit_key=b"k" * 32)
    database.migrate()
    made = Commune(database, tmp_path)
    made.settle_in("lung-pang", "ang-hin")
    with database.session() as s:
        s.add(Membership(person_id="officer", unit_id="con-minh", role=Role.OFFICER))
    yield made
    database.dispose()


def order(commune: Commune, announcement: str) -> str:
    """An emergency now, the way the console orders one."""
    with commune.database.session(urgent=True) as s:
        plan = BroadcastPlan(start_at=now(), nodes=[nodes.get(s, "lung-pang")], live=True)
        person = s.get_one(Person, "officer")
        return freeze(s, s.get_one(Announcement, announcement), plan, by=person, now_at=now()).id


def silence(commune: Commune) -> str:
    with commune.database.session(urgent=True) as s:
        return stop_all.order(s, by=s.get_one(Person, "officer"), reason="thử", now_at=now()).id


@pytest.mark.limit(120)
def test_orders_are_answered_reach_the_nodes_and_are_written_down_afterwards(
    commune: Commune, delivery: DeliveryService, tmp_path: Path
) -> None:
    announcement = commune.announcement(commune.clip(), BroadcastClass.EMERGENCY)
    with commune.virtual_node("lung-pang", delivery.broker.access.port) as node:
        node.follow()
        eventually(node.agendas)
        with locked(f"{tmp_path}/loa.db"):
            began = time.monotonic()
            broadcast = order(commune, announcement)
            assert time.monotonic() - began < stretched(ANSWERED_SECONDS)
            eventually(lambda: node.items() == [broadcast], seconds=REACHED_SECONDS)
            began = time.monotonic()
            stop = silence(commune)
            assert time.monotonic() - began < stretched(ANSWERED_SECONDS)
            eventually(lambda: (found := node.agendas()[-1].stop) and found.order == stop, seconds=REACHED_SECONDS)
            with pytest.raises(Unavailable), commune.database.session(patience_seconds=0.1):
                pytest.fail("it is locked")
        eventually(lambda: not commune.database.is_spared, seconds=20)
        with commune.database.reading() as s:
            assert s.get_one(Broadcast, broadcast).deliveries[0].state is DeliveryState.PLANNED
            found = stop_all.in_force(s)
            assert found
            assert found.id == stop
            assert audit.verify(s) == []
            last = s.get_one(AgendaIssue, "lung-pang").number
        time.sleep(1.5)  # what would be sent a second time has come by then
        assert [each.number for each in node.agendas()] == sorted({each.number for each in node.agendas()})
        assert node.agendas()[-1].number == last
    assert not list(tmp_path.glob("*.failed"))


def test_what_was_ordered_outlives_a_restart(commune: Commune, tmp_path: Path) -> None:
    with locked(f"{tmp_path}/loa.db"):
        stop = silence(commune)
        commune.database.dispose()
    again = Database(f"sqlite:///{tmp_path}/loa.db", audit_key=b"k" * 32)
    with again.session():
        pass
    with again.reading() as s:
        found = stop_all.in_force(s)
        assert found
        assert found.id == stop
    assert not again.is_spared
    again.dispose()


def test_a_spare_that_cannot_be_written_back_stops_nobody(commune: Commune, tmp_path: Path) -> None:
    (tmp_path / "loa.db-spare").write_bytes(b"no database at all" * 100)
    commune.touch()
    assert len(list(tmp_path.glob("loa.db-spare.*.failed"))) == 1
