"""A node whose sound card failed when it played last is not ready, whatever else it says."""

from datetime import datetime, timedelta

import msgspec
import pytest

from broadcaster.protocol.reasons import ReasonCode
from broadcaster.protocol.values import DeliveryState
from broadcaster.refusals.sentences import sentences
from broadcaster.station.broadcasts import broadcasts, receipts
from broadcaster.station.database.engine import Database
from broadcaster.station.matters import matters, readiness
from broadcaster.station.nodes import nodes
from broadcaster.station.schema import Broadcast
from tests.rig.commune import NOW, Commune, approved, fact
from tests.unit.station.matters.test_readiness import say

pytestmark = pytest.mark.integration
FACTS = {"device": "hw:1,0", "error": "No such device"}


def order(database: Database, commune: Commune, at: datetime) -> Broadcast:
    announcement = approved(database, commune)
    with database.session() as s:
        return broadcasts.broadcast_now(s, announcement=announcement, by=commune.officer, now_at=NOW, start_at=at)


def state(
    database: Database,
    broadcast: Broadcast,
    node: str,
    *,
    at: datetime,
    code: ReasonCode | None = None,
    number: int = 9,
) -> None:
    stated = fact(broadcast, DeliveryState.FAILED if code else DeliveryState.PLAYED, number)
    stated = msgspec.structs.replace(stated, at=at, reason=code or "", facts=FACTS if code else {})
    with database.session() as s:
        receipts.store(s, node_id=node, receipts=[stated], now_at=at)


def reasons(database: Database, node: str, now_at: datetime) -> str:
    with database.reading() as s:
        views = {view.node.id: view for view in nodes.board(s, now_at=now_at)}
        return sentences(views[node].reasons)


def test_a_dead_card_is_on_the_board_a_matter_and_not_ready(database: Database, commune: Commune) -> None:
    first = order(database, commune, NOW + timedelta(minutes=1))
    order(database, commune, NOW + timedelta(minutes=9))
    for node in (commune.strong.id, commune.weak.id):
        say(database, node)
    later = NOW + timedelta(minutes=2)
    state(database, first, commune.strong.id, at=later, code=ReasonCode.DEVICE_FAILED)
    assert "No such device" in reasons(database, commune.strong.id, later)
    assert "ra tiếng" not in reasons(database, commune.weak.id, later)
    with database.session() as s:
        found = {
            node.node.id: {each.kind for each in node.obstacles} for node in readiness.soon(s, now_at=later)[0].nodes
        }
        assert "sound" in found[commune.strong.id]
        assert "sound" not in found[commune.weak.id]
        matters.observe(s, now_at=later)
        assert ("pole_trouble", f"node:{commune.strong.id}") in {
            (each.kind, each.subject) for each in matters.waiting(s)
        }


def test_a_node_that_played_since_is_well_again(database: Database, commune: Commune) -> None:
    first = order(database, commune, NOW + timedelta(minutes=1))
    second = order(database, commune, NOW + timedelta(minutes=5))
    say(database, commune.strong.id)
    at = NOW + timedelta(minutes=2)
    state(database, first, commune.strong.id, at=at, code=ReasonCode.DEVICE_STALLED)
    state(database, second, commune.strong.id, at=at + timedelta(minutes=4), number=10)
    assert "không ra tiếng" not in reasons(database, commune.strong.id, at + timedelta(minutes=5))


def test_what_kept_it_silent_for_other_reasons_is_no_fault_of_the_card(database: Database, commune: Commune) -> None:
    first = order(database, commune, NOW + timedelta(minutes=1))
    say(database, commune.strong.id)
    state(database, first, commune.strong.id, at=NOW + timedelta(minutes=2), code=ReasonCode.CLIP_DAMAGED)
    assert "không ra tiếng" not in reasons(database, commune.strong.id, NOW + timedelta(minutes=3))
