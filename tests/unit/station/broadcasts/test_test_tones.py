"""Kêu thử: one node, now, by the way of every broadcast."""

from datetime import timedelta
from pathlib import Path

import pytest

from broadcaster.errors import Conflict, NotAllowed
from broadcaster.protocol.status import NodeStatus
from broadcaster.protocol.values import ClockState
from broadcaster.rendering import RenderedClip
from broadcaster.station.agendas import content as agenda_content
from broadcaster.station.broadcasts import broadcasts
from broadcaster.station.broadcasts import test_tones as chirps
from broadcaster.station.clips import clips, station_clips
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import nodes
from broadcaster.station.rows import settings
from broadcaster.station.rules import stop_all
from broadcaster.station.schema import Broadcast, Node
from tests.rig.commune import NOW, Commune

pytestmark = pytest.mark.integration


def make_sound(database: Database) -> None:
    with database.session() as s:
        chirps.prepare(s, now_at=NOW)
        row = station_clips.QUEUE.claim(s, worker="test", now_at=NOW)
        assert row
        rendered = RenderedClip(Path("x.ogg"), "c" * 64, 1500, 1000, "chime", None, -28.0)
        station_clips.QUEUE.finish(s, key=row.plan_hash, clip=clips.record(s, rendered, row.plan_hash, NOW))


def online(database: Database, **more: object) -> None:
    stated = {"clock": ClockState.SYNCED, "sound": "alsa"} | more
    with database.session() as s:
        status = NodeStatus(node="lung-pang", connection=1, online=True, at=NOW, **stated)  # type: ignore[arg-type]
        nodes.record_status(s, status=status, now_at=NOW)


def chirp(database: Database, commune: Commune, *, anyway: bool = False) -> Broadcast:
    with database.session() as s:
        node = s.get_one(Node, "lung-pang")
        return chirps.chirp(s, node=node, by=commune.administrator, now_at=NOW, anyway=anyway)


def test_a_chirp_is_a_signed_live_item_of_that_node_alone(database: Database, commune: Commune) -> None:
    make_sound(database)
    online(database)
    made = chirp(database, commune)
    with database.reading() as s:
        (item,) = agenda_content.for_node(s, node=s.get_one(Node, "lung-pang"), now_at=NOW).items
        assert agenda_content.for_node(s, node=s.get_one(Node, "ban-cuon"), now_at=NOW).items == ()
    assert (item.broadcast, item.chirp, item.live, item.duration_ms) == (made.id, True, True, 1000)
    assert item.expires_at - item.start_at < timedelta(minutes=1)


def test_a_chirp_that_was_not_heard_is_over_within_a_minute(database: Database, commune: Commune) -> None:
    make_sound(database)
    online(database)
    chirp(database, commune)
    with database.session() as s:
        broadcasts.settle(s, now_at=NOW + timedelta(minutes=5))
        last = chirps.latest(s, s.get_one(Node, "lung-pang"))
        assert last is not None
        assert last.state == "missed"


def test_quiet_hours_ask_for_a_second_word(database: Database, commune: Commune) -> None:
    make_sound(database)
    online(database)
    with database.session() as s:
        settings.write(s, "quiet_hours", [[9 * 60, 11 * 60]])
    with pytest.raises(Conflict) as refusal:
        chirp(database, commune)
    assert refusal.value.field == "anyway"
    assert "09:00–11:00" in str(refusal.value)
    assert chirp(database, commune, anyway=True)


def test_a_node_that_cannot_be_heard_now_gets_no_order(database: Database, commune: Commune) -> None:
    with pytest.raises(Conflict, match=r"chirp\.node_offline"):
        chirp(database, commune)
    online(database)
    with pytest.raises(Conflict, match=r"chirp\.preparing"):
        chirp(database, commune)
    make_sound(database)
    online(database, playing="broadcast-0001")
    with pytest.raises(Conflict, match=r"chirp\.node_playing"):
        chirp(database, commune)
    online(database)
    with database.session() as s:
        stop_all.order(s, by=commune.administrator, reason="thử", now_at=NOW)
    with pytest.raises(Conflict, match=r"chirp\.stopped"):
        chirp(database, commune)


def test_only_who_looks_after_nodes_may_make_them_chirp(database: Database, commune: Commune) -> None:
    with database.session() as s:
        node = s.get_one(Node, "lung-pang")
        with pytest.raises(NotAllowed):
            chirps.chirp(s, node=node, by=commune.officer, now_at=NOW)
