"""How loud a node may be is the commune's choice, hour by hour."""

import pytest

from broadcaster.errors import Invalid, NotAllowed
from broadcaster.station.agendas import content as agenda_content
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import settings as node_settings
from broadcaster.station.rows import changes
from broadcaster.station.schema import Node
from tests.rig.commune import NOW, Commune

pytestmark = pytest.mark.integration
NIGHT_SOFTLY = [30] * 5 + [100] * 15 + [60] * 4


def choose(database: Database, commune: Commune, percent: int = 100, profile: list[int] = NIGHT_SOFTLY) -> int:
    with database.session() as s:
        before = changes.read(s)["agendas"]
        node = s.get_one(Node, "lung-pang")
        node_settings.set_volume(s, node=node, percent=percent, profile=profile, by=commune.administrator, now_at=NOW)
    with database.reading() as s:
        return changes.read(s)["agendas"] - before


def policy(database: Database) -> tuple[int, tuple[int, ...]]:
    with database.reading() as s:
        asked = agenda_content.for_node(s, node=s.get_one(Node, "lung-pang"), now_at=NOW).policy
    return asked.volume_percent, asked.volume_profile


def test_the_hours_travel_with_the_nodes_agenda(database: Database, commune: Commune) -> None:
    assert policy(database) == (100, ())
    assert choose(database, commune, 90) == 1
    assert policy(database) == (90, tuple(NIGHT_SOFTLY))


def test_choosing_the_same_again_sends_nothing(database: Database, commune: Commune) -> None:
    choose(database, commune)
    assert choose(database, commune) == 0


def test_hours_that_forbid_nothing_are_no_profile(database: Database, commune: Commune) -> None:
    choose(database, commune, 50, [60] * 24)
    assert policy(database) == (50, ())


@pytest.mark.parametrize("profile", [[50] * 23, [50] * 25, [101] * 24, [-1] * 24])
def test_a_profile_is_24_percentages(database: Database, commune: Commune, profile: list[int]) -> None:
    with pytest.raises(Invalid, match=r"node\.volume_profile_malformed") as refused:
        choose(database, commune, 100, profile)
    assert refused.value.field == "volume_profile"


def test_only_who_looks_after_nodes_may_choose(database: Database, commune: Commune) -> None:
    with database.session() as s, pytest.raises(NotAllowed):
        node_settings.set_volume(s, node=s.get_one(Node, "lung-pang"), percent=10, by=commune.officer, now_at=NOW)
