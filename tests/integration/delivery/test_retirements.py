"""The last agenda of a node that was taken out of service."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from broadcaster.delivery.issuing import Issuer, WantedAgendas
from broadcaster.delivery.retirements import GRACE
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import nodes
from tests.integration.delivery.commune import Commune

pytestmark = pytest.mark.integration
AT = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
VIRTUAL_NODE, OTHER = "lung-pang", "ang-hin"


class Station:
    """commune: two nodes, each with an agenda; now_at: its clock."""

    def __init__(self, folder: Path) -> None:
        self.now_at = AT
        database = Database(f"sqlite:///{folder}/loa.db")
        database.migrate()
        self.commune = Commune(database, folder)
        self.commune.settle_in(VIRTUAL_NODE, OTHER)
        self._issuer = Issuer(
            database, self.commune.identity, clock=lambda: self.now_at, life=timedelta(days=7), chunk_bytes=16_384
        )

    def look(self, after: timedelta = timedelta()) -> WantedAgendas:
        self.now_at += after
        return self._issuer.refresh()

    def admitted(self) -> set[str]:
        return {account.username for account in self._issuer.accounts()}


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    made = Station(tmp_path)
    yield made
    made.commune.database.dispose()


def test_a_revoked_node_is_told_to_play_nothing_and_then_shut_out(station: Station) -> None:
    station.commune.order(station.commune.clip(), VIRTUAL_NODE, in_seconds=3600)
    before = station.look().issues[VIRTUAL_NODE].number
    station.commune.revoke(VIRTUAL_NODE)

    stated = station.look()
    assert stated.issues[VIRTUAL_NODE].number == before + 1
    assert (stated.issues[VIRTUAL_NODE].duty.items, stated.issues[VIRTUAL_NODE].duty.clips) == ((), ())
    assert {account.username for account in stated.credentials} == {VIRTUAL_NODE, OTHER} == station.admitted()
    assert stated.old_at == station.now_at + GRACE

    over = station.look(GRACE)
    assert VIRTUAL_NODE not in over.issues
    assert {account.username for account in over.credentials} == {OTHER} == station.admitted()
    assert over.old_at is None


def test_a_node_revoked_while_the_station_was_down_is_told_when_it_is_back(station: Station) -> None:
    station.commune.order(station.commune.clip(), VIRTUAL_NODE, in_seconds=3600)
    station.look()
    station.commune.revoke(VIRTUAL_NODE)
    station.now_at += timedelta(hours=5)
    assert VIRTUAL_NODE in station.admitted()
    assert station.look().issues[VIRTUAL_NODE].duty.items == ()
    assert VIRTUAL_NODE not in station.look(GRACE).issues


def test_a_node_that_never_had_an_agenda_is_shut_out_at_once(station: Station) -> None:
    with station.commune.database.session() as s:
        fresh, _ = nodes.add_node(s, name="Nà Cà", unit_id="con-minh", by=None, now_at=AT)
    station.commune.revoke(fresh.id)
    assert fresh.id not in station.admitted()
    assert fresh.id not in station.look().issues
