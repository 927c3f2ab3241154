"""Nodes in service, and what the board says of them."""

from datetime import timedelta
from pathlib import Path

import pytest

from broadcaster.errors import Conflict, NotAllowed
from broadcaster.protocol.enrolment import BrokerAddress
from broadcaster.protocol.status import NodeHealth, NodeStatus, Trouble
from broadcaster.protocol.values import ClockState
from broadcaster.refusals.reasons import Reason
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import credentials as node_credentials
from broadcaster.station.nodes import nodes
from broadcaster.station.nodes.board import NodeView
from broadcaster.station.nodes.station_key import StationIdentity
from tests.rig.commune import NOW, Commune


def status(connection: int = 1, **said: object) -> NodeStatus:
    words = {"online": True, "at": NOW, "sound": "file", "clock": ClockState.SYNCED, "boot": "a"} | said
    return NodeStatus(node="lung-pang", connection=connection, **words)  # type: ignore[arg-type]


def will(connection: int) -> NodeStatus:
    return NodeStatus(node="lung-pang", connection=connection, online=False)


def hear(database: Database, said: NodeStatus, *, after: timedelta = timedelta(), fresh: bool = True) -> bool:
    with database.session() as s:
        return nodes.record_status(s, status=said, now_at=NOW + after, fresh=fresh)


def look(database: Database, after: timedelta = timedelta()) -> NodeView:
    with database.reading() as s:
        return next(view for view in nodes.board(s, now_at=NOW + after) if view.node.id == "lung-pang")


def test_a_node_that_never_spoke_says_so(database: Database, commune: Commune) -> None:
    assert look(database).presence == "never"


def test_a_healthy_node_is_online_without_remarks(database: Database, commune: Commune) -> None:
    assert hear(database, status())
    assert (look(database).presence, look(database).reasons) == ("online", ())


def test_nobody_is_online_three_minutes_after_the_last_sign_of_life(database: Database, commune: Commune) -> None:
    hear(database, status())
    assert look(database, timedelta(seconds=179)).presence == "online"
    assert look(database, timedelta(minutes=3)).presence == "unknown"


def test_the_last_will_of_this_connection_takes_the_node_offline(database: Database, commune: Commune) -> None:
    hear(database, status(connection=7))
    assert hear(database, will(7))
    assert look(database).presence == "offline"


@pytest.mark.parametrize(("heard", "stated"), [(False, True), (True, False), (None, False)])
def test_a_horn_its_microphone_does_not_hear_is_on_the_board(
    database: Database, commune: Commune, heard: bool | None, stated: bool
) -> None:
    hear(database, status(health=NodeHealth(heard=heard)))
    assert (Reason("node.horn_silent") in look(database).reasons) is stated


def test_a_stale_will_is_ignored(database: Database, commune: Commune) -> None:
    hear(database, status(connection=8))
    assert not hear(database, will(7))
    assert look(database).presence == "online"


def test_a_replaced_card_that_counts_from_one_again_is_believed(database: Database, commune: Commune) -> None:
    hear(database, status(connection=90))
    later = timedelta(minutes=10)
    assert hear(database, status(connection=1, boot="b", at=NOW + later), after=later)
    assert look(database, later).presence == "online"


def test_a_retained_status_is_no_sign_of_life(database: Database, commune: Commune) -> None:
    hear(database, status())
    hear(database, status(), after=timedelta(minutes=5), fresh=False)
    assert look(database, timedelta(minutes=5)).presence == "unknown"


def test_a_heartbeat_without_news_is_a_sign_of_life_and_changes_nothing(database: Database, commune: Commune) -> None:
    said = status(clips_missing=2, health=NodeHealth(temperature_celsius=91.0))
    hear(database, said)
    before = look(database)
    two_minutes = timedelta(minutes=2)
    beat = NodeStatus(node="lung-pang", connection=1, online=True, at=NOW + two_minutes, unchanged=True, boot=said.boot)

    assert hear(database, beat, after=two_minutes)

    later = look(database, after=timedelta(minutes=4))
    assert (later.presence, later.reasons) == ("online", before.reasons)
    assert before.reasons


def test_a_revoked_or_unknown_node_is_not_listened_to(database: Database, commune: Commune) -> None:
    with database.session() as s:
        nodes.revoke_node(s, node=nodes.get(s, "lung-pang"), by=None, now_at=NOW)
    assert not hear(database, status())
    assert not hear(database, NodeStatus(node="nowhere", connection=1, online=True, at=NOW))


@pytest.mark.parametrize(
    ("said", "remark"),
    [
        ({"muted": True}, Reason("node.muted")),
        ({"sound": ""}, Reason("node.no_sound_device")),
        ({"clock": ClockState.UNSYNCED}, Reason("node.unsynced")),
        ({"clips_missing": 3}, Reason("node.clips_missing", count=3)),
        ({"stopped": True}, Reason("node.stopped")),
        ({"health": NodeHealth(under_voltage=True)}, Reason("node.under_voltage")),
        ({"health": NodeHealth(storage_fault="I/O error")}, Reason("node.card_faulty", cause="I/O error")),
        ({"health": NodeHealth(temperature_celsius=85)}, Reason("node.hot", celsius=85)),
        ({"trouble": ("Rơ-le không đáp ứng.",)}, Reason("reason.as_written", words="Rơ-le không đáp ứng.")),
        (
            {"troubles": (Trouble(code="ledger_not_written", facts={"cause": "full"}),)},
            Reason("trouble.ledger_not_written", cause=Reason("card.full")),
        ),
        ({"troubles": (Trouble(code="of_tomorrow"),)}, Reason("trouble.of_tomorrow")),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_the_board_says_what_needs_attention(
    database: Database, commune: Commune, said: dict[str, object], remark: Reason
) -> None:
    hear(database, status(**said))
    assert remark in look(database).reasons


def test_what_a_node_says_of_its_card_stands_on_the_board_once(database: Database, commune: Commune) -> None:
    fault = "Thẻ nhớ không ghi được sổ phát: thẻ đã đầy. Cụm loa vẫn phát nhưng cần thay thẻ nhớ."
    hear(database, status(health=NodeHealth(storage_fault=fault), trouble=(fault,)))
    assert look(database).reasons == (Reason("reason.as_written", words=fault),)


def test_the_bundle_holds_what_the_node_needs_and_the_database_only_a_hash(
    database: Database, commune: Commune, tmp_path: Path
) -> None:
    identity = StationIdentity.load_or_create(tmp_path, "con-minh")
    with database.session() as s:
        node, password = nodes.add_node(s, name="Loa mới", unit_id="ban-cuon", by=None, now_at=NOW)
        bundle = nodes.bundle(
            s, node=node, password=password, identity=identity, broker=BrokerAddress(host="127.0.0.1", port=1883)
        )
    assert (bundle.node, bundle.username, bundle.password) == ("loa-moi", "loa-moi", password)
    assert bundle.station_key == identity.public_key.hex()
    assert password not in node.password_hash
    assert node_credentials.verify_password(password, node.password_hash)
    assert not node_credentials.verify_password("x" * 32, node.password_hash)


def test_two_nodes_of_one_name_get_two_ids(database: Database, commune: Commune) -> None:
    with database.session() as s:
        ids = [nodes.add_node(s, name="Lủng Pảng", unit_id="lung-pang", by=None, now_at=NOW)[0].id for _ in range(2)]
    assert ids == ["lung-pang-2", "lung-pang-3"]


def test_only_those_who_look_after_nodes_add_them(database: Database, commune: Commune) -> None:
    with pytest.raises(NotAllowed), database.session() as s:
        nodes.add_node(s, name="X", unit_id="lung-pang", by=commune.officer, now_at=NOW)


def test_a_node_is_revoked_once(database: Database, commune: Commune) -> None:
    with database.session() as s:
        nodes.revoke_node(s, node=nodes.get(s, "lung-pang"), by=None, now_at=NOW)
    with pytest.raises(Conflict), database.session() as s:
        nodes.revoke_node(s, node=nodes.get(s, "lung-pang"), by=None, now_at=NOW)


def test_the_stations_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    first = StationIdentity.load_or_create(tmp_path, "con-minh")
    assert StationIdentity.load_or_create(tmp_path, "con-minh") == first
    assert (tmp_path / "station.key").stat().st_mode & 0o777 == 0o600
    assert first.seed.hex() not in repr(first)


def test_a_key_of_another_station_is_refused(tmp_path: Path) -> None:
    StationIdentity.load_or_create(tmp_path, "con-minh")
    with pytest.raises(Exception, match=r"identity\.of_another_station"):
        StationIdentity.load_or_create(tmp_path, "vi-huong")


def test_two_machines_that_take_turns_are_told_apart_from_one_that_restarts(
    database: Database, commune: Commune
) -> None:
    for turn, boot in enumerate(["a", "b", "c"]):
        hear(database, status(connection=turn + 1, boot=boot, at=NOW + timedelta(seconds=turn)))
    assert Reason("node.twofold") not in look(database).reasons
    hear(database, status(connection=3, boot="b", at=NOW + timedelta(seconds=9)))
    assert Reason("node.twofold") in look(database).reasons
    assert Reason("node.twofold") not in look(database, timedelta(hours=25)).reasons


def test_what_the_broker_kept_is_no_sign_of_a_second_machine(database: Database, commune: Commune) -> None:
    hear(database, status(connection=1, boot="a"))
    hear(database, status(connection=2, boot="b"))
    hear(database, status(connection=3, boot="a"), fresh=False)
    assert Reason("node.twofold") not in look(database).reasons
