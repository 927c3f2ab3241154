"""The first steps of a new station: each may be repeated or taken later, and none once somebody works with it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from broadcaster.errors import Conflict, Invalid
from broadcaster.station.database.engine import Database
from broadcaster.station.people import people
from broadcaster.station.units import units
from broadcaster.station.upkeep import demo, first_setup
from broadcaster.station.upkeep.first_setup import FirstLogin, SetupStep
from tests.rig.commune import NOW

pytestmark = pytest.mark.integration
ADMINISTRATOR = FirstLogin("Nông Thị Hoa", "hoa")
APPROVER = FirstLogin("Hoàng Văn Sơn", "son")


@pytest.fixture
def empty(tmp_path: Path, bare: Path) -> Iterator[Database]:
    shutil.copy(bare, tmp_path / "loa.db")
    database = Database(f"sqlite:///{tmp_path}/loa.db")
    yield database
    database.dispose()


def take(database: Database, *steps: SetupStep) -> None:
    for step in steps:
        with database.session() as s:
            if step is SetupStep.COMMUNE:
                first_setup.name_commune(s, name="Côn Minh", hamlets=("Lủng Pảng", " Lủng Vai ", ""), now_at=NOW)
            elif step is SetupStep.PEOPLE:
                first_setup.add_people(s, administrator=ADMINISTRATOR, approver=APPROVER, now_at=NOW)
            else:
                first_setup.done(s, step)


def due(database: Database) -> SetupStep | None:
    with database.reading() as s:
        return first_setup.state(s).next


def test_the_steps_follow_each_other_and_the_last_ends_them(empty: Database) -> None:
    for step in SetupStep:
        assert due(empty) is step
        take(empty, step)
    assert due(empty) is None
    with empty.session() as s, pytest.raises(Conflict, match=r"setup\.over"):
        first_setup.name_commune(s, name="Xã khác", now_at=NOW)


def test_it_goes_on_where_it_was_broken_off(empty: Database) -> None:
    take(empty, SetupStep.COMMUNE, SetupStep.PEOPLE)
    assert due(empty) is SetupStep.NOTICES


def test_a_station_set_up_before_there_were_all_these_steps_is_not_opened_again(empty: Database) -> None:
    take(empty, SetupStep.COMMUNE, SetupStep.PEOPLE, SetupStep.BACKUPS, SetupStep.ADDRESS)
    assert due(empty) is None
    with empty.session() as s, pytest.raises(Conflict, match=r"setup\.over"):
        first_setup.require_open(s)


def test_a_name_typed_again_mends_the_first_and_hamlets_are_not_doubled(empty: Database) -> None:
    take(empty, SetupStep.COMMUNE)
    with empty.session() as s:
        first_setup.name_commune(s, name="Xã Côn Minh", hamlets=("Lủng Pảng", "Áng Hin"), now_at=NOW)
    with empty.reading() as s:
        assert sorted(unit.name for unit in units.tree(s)) == ["Lủng Pảng", "Lủng Vai", "Xã Côn Minh", "Áng Hin"]


def test_the_first_two_can_run_a_station_together_and_neither_alone(empty: Database) -> None:
    take(empty, SetupStep.COMMUNE, SetupStep.PEOPLE)
    with empty.reading() as s:
        roles = {person.username: {str(each.role) for each in person.memberships} for person in people.listing(s)}
        waits = [each.awaiting_since_at for person in people.listing(s) for each in person.memberships]
    assert roles == {"hoa": {"administrator", "officer"}, "son": {"approver"}}
    assert waits == [None] * 3


def test_one_person_is_not_two(empty: Database) -> None:
    take(empty, SetupStep.COMMUNE)
    same = FirstLogin("Người khác", " HOA ")
    with empty.session() as s, pytest.raises(Invalid, match=r"setup\.two_people"):
        first_setup.add_people(s, administrator=ADMINISTRATOR, approver=same, now_at=NOW)


def test_a_refused_password_leaves_nobody_behind(empty: Database) -> None:
    take(empty, SetupStep.COMMUNE)
    weak = FirstLogin("Hoàng Văn Sơn", "son", "1234567890")
    with pytest.raises(Invalid), empty.session() as s:
        first_setup.add_people(s, administrator=ADMINISTRATOR, approver=weak, now_at=NOW)
    with empty.reading() as s:
        assert people.count(s) == 0
    take(empty, SetupStep.PEOPLE)


def test_the_people_are_made_once(empty: Database) -> None:
    take(empty, SetupStep.COMMUNE, SetupStep.PEOPLE)
    other = FirstLogin("Người lạ", "la")
    with empty.session() as s, pytest.raises(Conflict, match=r"setup\.people_there"):
        first_setup.add_people(s, administrator=other, approver=APPROVER, now_at=NOW)


def test_people_need_a_commune(empty: Database) -> None:
    with empty.session() as s, pytest.raises(Conflict, match=r"setup\.commune_first"):
        first_setup.add_people(s, administrator=ADMINISTRATOR, approver=APPROVER, now_at=NOW)


def test_a_station_that_works_already_is_not_set_up_by_anybody(empty: Database) -> None:
    with empty.session() as s:
        demo.first_logins(s, demo=False, now_at=NOW)
    assert due(empty) is None
    with empty.session() as s, pytest.raises(Conflict, match=r"setup\.over"):
        first_setup.require_open(s)
