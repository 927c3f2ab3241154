"""A setup that many tests begin with is made twice, then brought back; what a test does itself is never lost."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from broadcaster.station.announcements import announcements
from broadcaster.station.database.engine import Database
from broadcaster.station.rows import heartbeats
from broadcaster.station.schema import Announcement, Heartbeat
from tests.rig.commune import NOW, Commune, approved
from tests.rig.databases import PreparedDatabase
from tests.rig.setups.remembered import remembered

Setup = Callable[[Database, Commune, str], Announcement]


@pytest.fixture
def earnest() -> list[str]:
    """Titles of what was made in earnest."""
    return []


@pytest.fixture
def setup(earnest: list[str], request: pytest.FixtureRequest) -> Setup:
    @remembered
    def noted(database: Database, commune: Commune, title: str) -> Announcement:
        earnest.append(title)
        return approved(database, commune, title=title)

    noted.__wrapped__.__qualname__ = request.node.nodeid  # type: ignore[attr-defined]
    return noted


def titles(database: Database) -> list[str]:
    with database.reading() as s:
        return sorted(s.scalars(select(Announcement.title)))


def test_the_third_time_a_setup_is_brought_back_whole(
    prepared: PreparedDatabase, setup: Setup, earnest: list[str]
) -> None:
    made = []
    for _ in range(4):
        prepared.memory.begin()
        made.append(setup(prepared.database, prepared.commune, "Họp thôn"))
        assert titles(prepared.database) == ["Họp thôn"]
    assert earnest == ["Họp thôn", "Họp thôn"]
    assert made[3] is not made[2]
    assert made[3].id == made[2].id == made[1].id
    with prepared.database.reading() as s:
        assert announcements.get(s, made[3].id).content_hash == made[1].content_hash


def test_setups_continue_each_other(prepared: PreparedDatabase, setup: Setup, earnest: list[str]) -> None:
    for _ in range(3):
        prepared.memory.begin()
        for title in ("Họp thôn", "Tiêm phòng"):
            setup(prepared.database, prepared.commune, title)
        assert titles(prepared.database) == ["Họp thôn", "Tiêm phòng"]
    assert earnest == ["Họp thôn", "Tiêm phòng"] * 2


def test_once_a_test_wrote_itself_setups_are_made_in_earnest(
    prepared: PreparedDatabase, setup: Setup, earnest: list[str]
) -> None:
    for _ in range(3):
        prepared.memory.begin()
        with prepared.database.session() as s:
            heartbeats.beat(s, "station", NOW, {})
        setup(prepared.database, prepared.commune, "Họp thôn")
        with prepared.database.reading() as s:
            assert s.scalar(select(func.count()).select_from(Heartbeat)) == 1
    assert earnest == ["Họp thôn"] * 3


def test_a_fresh_commune_knows_nothing_of_what_was_remembered(prepared: PreparedDatabase, setup: Setup) -> None:
    for _ in range(3):
        prepared.memory.begin()
        setup(prepared.database, prepared.commune, "Họp thôn")
    prepared.memory.begin()
    with prepared.database.reading() as s:
        assert s.scalar(select(func.count()).select_from(Announcement)) == 0
