"""Facts of many nodes at once: each is kept once, and every broadcast is judged once."""

from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from broadcaster.protocol.values import DeliveryState as D
from broadcaster.station.broadcasts import broadcasts, receipts
from broadcaster.station.broadcasts.receipts import Stated
from broadcaster.station.database.engine import Database
from broadcaster.station.schema import Broadcast, Delivery, ReceiptRow
from broadcaster.station.vocabulary.states import BroadcastState
from tests.rig.commune import CLIP_MS, NOW, Commune, approved, fact

pytestmark = pytest.mark.integration

NODES = ("ban-cuon", "lung-pang")


def aired(database: Database, commune: Commune) -> Broadcast:
    with database.session() as s:
        announcement = approved(database, commune)
        return broadcasts.broadcast_now(s, announcement=announcement, by=commune.officer, now_at=NOW)


def story(made: Broadcast, node: str) -> list[Stated]:
    said = ((D.STORED, 1), (D.PLAYING, 2), (D.PLAYED, 3))
    return [
        Stated(node, fact(made, state, number, played_ms=CLIP_MS if state is D.PLAYED else 0), NOW)
        for state, number in said
    ]


def stored(database: Database) -> int:
    with database.reading() as s:
        return s.scalar(select(func.count()).select_from(ReceiptRow)) or 0


def test_whole_stories_of_many_nodes_end_as_if_they_came_one_by_one(database: Database, commune: Commune) -> None:
    first, second = aired(database, commune), aired(database, commune)
    said = [each for made in (second, first) for node in NODES for each in reversed(story(made, node))]
    with database.session() as s:
        found = receipts.store_all(s, said, now_at=NOW)
    assert (dict(found.new), dict(found.unknown)) == (dict.fromkeys(NODES, 6), {})
    with database.reading() as s:
        assert {each.state for each in s.scalars(select(Delivery))} == {D.PLAYED}
        assert broadcasts.get(s, first.id).state is broadcasts.get(s, second.id).state is BroadcastState.COMPLETED


def test_what_is_stated_again_in_one_batch_or_later_is_kept_once(database: Database, commune: Commune) -> None:
    made = aired(database, commune)
    said = story(made, "ban-cuon")
    for expected in (3, 0):
        with database.session() as s:
            assert receipts.store_all(s, [*said, *said], now_at=NOW).new.total() == expected
    assert stored(database) == 3


def test_facts_about_an_unknown_broadcast_are_told_and_not_kept(database: Database, commune: Commune) -> None:
    made = aired(database, commune)
    known = story(made, "ban-cuon")
    made.id = "somebody-elses-broadcast"
    with database.session() as s:
        found = receipts.store_all(s, [*known, *story(made, "lung-pang")], now_at=NOW)
    assert (dict(found.new), dict(found.unknown)) == ({"ban-cuon": 3}, {"lung-pang": 3})
    assert stored(database) == 3


def test_the_questions_do_not_grow_with_the_nodes_or_the_facts(database: Database, commune: Commune) -> None:
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *facts: asked.append(facts[2]))
    counts = []
    for nodes in (NODES[:1], NODES):
        made = aired(database, commune)
        asked.clear()
        with database.session() as s:
            receipts.store_all(s, [each for node in nodes for each in story(made, node)], now_at=NOW)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_an_object_read_before_in_the_same_transaction_shows_what_was_stated(
    database: Database, commune: Commune
) -> None:
    made = aired(database, commune)
    with database.session() as s:
        held = s.get_one(Delivery, (made.id, "ban-cuon"))
        receipts.store_all(s, story(made, "ban-cuon"), now_at=NOW + timedelta(seconds=5))
        assert (held.state, held.played_ms) == (D.PLAYED, CLIP_MS)
