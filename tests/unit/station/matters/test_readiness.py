"""Ten minutes before: which nodes are ready, what is wrong with the others, and what can be done at once."""

from datetime import timedelta

import pytest

from broadcaster.delivery.issuing import Issuer
from broadcaster.errors import NotAllowed
from broadcaster.protocol.status import NodeStatus
from broadcaster.protocol.values import ClockState, DeliveryState
from broadcaster.station.broadcasts import broadcasts, receipts
from broadcaster.station.database.engine import Database
from broadcaster.station.matters import readiness
from broadcaster.station.matters import remedies as node_remedies
from broadcaster.station.matters.readiness import Readiness
from broadcaster.station.nodes import nodes
from broadcaster.station.nodes import settings as node_settings
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.schema import Broadcast
from tests.rig.commune import NOW, Commune, approved, fact

pytestmark = pytest.mark.integration
START = NOW + timedelta(minutes=9)


def order(database: Database, commune: Commune, *, minutes: float = 9) -> Broadcast:
    announcement = approved(database, commune)
    with database.session() as s:
        start_at = NOW + timedelta(minutes=minutes)
        return broadcasts.broadcast_now(s, announcement=announcement, by=commune.officer, now_at=NOW, start_at=start_at)


def say(database: Database, node: str, *, connection: int = 1, **stated: object) -> None:
    usual: dict[str, object] = {"online": True, "clock": ClockState.SYNCED, "sound": "alsa", "volume_percent": 90}
    status = NodeStatus(node=node, connection=connection, at=NOW, **(usual | stated))  # type: ignore[arg-type]
    with database.session() as s:
        nodes.record_status(s, status=status, now_at=NOW)


def store(database: Database, broadcast: Broadcast, node: str) -> None:
    with database.session() as s:
        receipts.store(s, node_id=node, receipts=[fact(broadcast, DeliveryState.STORED, 1)], now_at=NOW)


def soon(database: Database) -> list[Readiness]:
    with database.reading() as s:
        return readiness.soon(s, now_at=NOW)


def kinds(database: Database) -> dict[str, list[str]]:
    [one] = soon(database)
    return {node.node.id: [each.kind for each in node.obstacles] for node in one.nodes}


def test_only_what_begins_within_ten_minutes_is_told(database: Database, commune: Commune) -> None:
    order(database, commune, minutes=11)
    assert soon(database) == []
    broadcast = order(database, commune)
    [one] = soon(database)
    assert (one.broadcasts, one.start_at, len(one.nodes)) == ((broadcast.id,), START, 2)


def test_a_node_with_link_clip_clock_and_sound_is_ready(database: Database, commune: Commune) -> None:
    broadcast = order(database, commune)
    say(database, "ban-cuon")
    store(database, broadcast, "ban-cuon")
    [one] = soon(database)
    assert one.ready == 1
    assert kinds(database) == {"ban-cuon": [], "lung-pang": ["link"]}


def test_each_thing_in_the_way_is_named(database: Database, commune: Commune) -> None:
    broadcast = order(database, commune)
    say(database, "ban-cuon", clock=ClockState.UNSYNCED, muted=True, sound="", stopped=True)
    with database.session() as s:
        node = nodes.get(s, "ban-cuon")
        node_settings.set_volume(s, node=node, percent=20, by=None, now_at=NOW)
    assert kinds(database)["ban-cuon"] == ["clip", "stopped", "clock", "muted", "sound", "volume"]
    say(database, "lung-pang")
    store(database, broadcast, "lung-pang")
    say(database, "lung-pang", online=False)
    assert kinds(database)["lung-pang"] == ["alone"]


def test_sending_again_gives_the_node_a_new_agenda(
    database: Database, commune: Commune, tmp_path_factory: pytest.TempPathFactory
) -> None:
    identity = StationIdentity.load_or_create(tmp_path_factory.mktemp("station"), "con-minh")
    issuer = Issuer(database, identity, clock=lambda: NOW, life=timedelta(days=7), chunk_bytes=16_384)
    before = issuer.refresh().issues
    assert issuer.refresh().issues["ban-cuon"].number == before["ban-cuon"].number
    with database.session() as s:
        node_remedies.resend(s, node=nodes.get(s, "ban-cuon"), by=commune.officer, now_at=NOW)
    after = issuer.refresh().issues
    assert after["ban-cuon"].number == before["ban-cuon"].number + 1
    assert after["lung-pang"].number == before["lung-pang"].number


def test_a_faint_node_is_made_louder_for_its_hour_by_who_looks_after_nodes(
    database: Database, commune: Commune
) -> None:
    order(database, commune)
    say(database, "ban-cuon")
    with database.session() as s:
        node = nodes.get(s, "ban-cuon")
        node_settings.set_volume(s, node=node, percent=90, profile=[10] * 24, by=None, now_at=NOW)
    assert "volume" in kinds(database)["ban-cuon"]
    with database.session() as s, pytest.raises(NotAllowed):
        node_remedies.louder(s, node=nodes.get(s, "ban-cuon"), by=commune.officer, now_at=NOW, at=START)
    with database.session() as s:
        node = nodes.get(s, "ban-cuon")
        assert node_remedies.louder(s, node=node, by=commune.administrator, now_at=NOW, at=START) == 90
        assert (node.volume_profile[10], node.volume_profile[11]) == (80, 10)
    assert "volume" not in kinds(database)["ban-cuon"]


def test_who_may_only_look_sends_nothing(database: Database, commune: Commune) -> None:
    with database.session() as s, pytest.raises(NotAllowed):
        node_remedies.resend(s, node=nodes.get(s, "ban-cuon"), by=commune.viewer, now_at=NOW)
