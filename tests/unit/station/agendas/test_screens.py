"""A node with a screen is given the words to show, and says that it showed them."""

from datetime import timedelta

from broadcaster.protocol.receipts import Receipt
from broadcaster.protocol.status import NodeStatus
from broadcaster.protocol.values import DeliveryState
from broadcaster.station.agendas import content
from broadcaster.station.broadcasts import broadcasts, receipts
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import nodes
from broadcaster.station.schema import Broadcast
from tests.rig.commune import NOW, Commune, approved


def ordered(database: Database, commune: Commune) -> str:
    announcement = approved(database, commune)
    with database.session() as s:
        return broadcasts.broadcast_now(s, announcement=announcement, by=commune.officer, now_at=NOW).id


def says(database: Database, node: str, *, screen: bool) -> None:
    with database.session() as s:
        status = NodeStatus(node=node, connection=1, online=True, at=NOW, screen=screen)
        nodes.record_status(s, status=status, now_at=NOW)


def test_only_a_node_with_a_screen_is_sent_words(database: Database, commune: Commune) -> None:
    ordered(database, commune)
    says(database, commune.strong.id, screen=True)
    says(database, commune.weak.id, screen=False)
    with database.reading() as s:
        found = content.for_nodes(s, nodes=[commune.strong, commune.weak], now_at=NOW)
    words = {node: [each.board_text for each in found[node].items] for node in found}
    assert words == {commune.strong.id: ["Tiêm phòng"], commune.weak.id: [""]}


def test_the_words_of_the_broadcast_go_before_its_title(database: Database, commune: Commune) -> None:
    broadcast = ordered(database, commune)
    says(database, commune.strong.id, screen=True)
    with database.session() as s:
        s.get_one(Broadcast, broadcast).board_text = "TIÊM PHÒNG"
    with database.reading() as s:
        [item] = content.for_node(s, node=commune.strong, now_at=NOW).items
    assert item.board_text == "TIÊM PHÒNG"


def test_what_stood_on_a_screen_stays_stated_whatever_follows(database: Database, commune: Commune) -> None:
    broadcast = ordered(database, commune)
    facts = [(DeliveryState.PLAYED, 2, False), (DeliveryState.PLAYING, 1, True)]
    for state, sequence, shown in facts:
        at = NOW + timedelta(seconds=sequence)
        fact = Receipt(
            receipt=f"receipt-{sequence:06d}", broadcast=broadcast, state=state, at=at, sequence=sequence, shown=shown
        )
        with database.session() as s:
            receipts.store(s, node_id=commune.strong.id, receipts=[fact], now_at=NOW)
    with database.reading() as s:
        delivery = next(
            each for each in s.get_one(Broadcast, broadcast).deliveries if each.node_id == commune.strong.id
        )
        assert (delivery.state, delivery.shown) == (DeliveryState.PLAYED, True)
