"""What the levels above leave for somebody to deal with."""

from datetime import timedelta

import pytest

from broadcaster.protocol.values import BroadcastClass
from broadcaster.refusals.reasons import Reason
from broadcaster.station.database.engine import Database
from broadcaster.station.exchange import upper_levels
from broadcaster.station.matters.findings import findings
from tests.rig.commune import NOW, Commune
from tests.unit.web.access.exchange_things import follow, offered

pytestmark = pytest.mark.integration


def kinds(database: Database) -> list[str]:
    with database.reading() as s:
        found = {each.kind for each in findings(s, now_at=NOW + timedelta(minutes=30))}
    return sorted(each for each in found if each.startswith(("offer", "upper")))


def test_a_priority_waits_for_somebody_and_a_routine_one_may_lie(database: Database, commune: Commune) -> None:
    with database.session() as s:
        level = follow(s, by=commune.administrator)
        offered(s, level, broadcast_class=BroadcastClass.ROUTINE)
    assert kinds(database) == []
    with database.session() as s:
        offered(s, upper_levels.listing(s)[0], "item-0002", number=2)
    assert kinds(database) == ["offer_waiting"]


def test_a_level_out_of_reach_or_restored_is_a_matter(database: Database, commune: Commune) -> None:
    with database.session() as s:
        level = follow(s, by=commune.administrator)
        level.asked_at, level.trouble = NOW + timedelta(minutes=25), Reason("exchange.unreachable", host="tinh.vn")
    assert kinds(database) == []
    with database.session() as s:
        level = upper_levels.listing(s)[0]
        level.asked_at, level.went_back_at = NOW, NOW
    assert kinds(database) == ["upper_level_silent", "upper_level_went_back"]
