"""Invitations: a link, a password of one's own, once, within a week."""

from datetime import timedelta

import pytest

from broadcaster.errors import Invalid, NotAllowed, NotFound
from broadcaster.station.database.engine import Database
from broadcaster.station.people import invitations, people
from tests.rig.commune import NOW, Commune

pytestmark = pytest.mark.integration
PASSWORD = "ba-con-lung-pang"
ROLES = [("con-minh", "officer")]


def invite(database: Database, commune: Commune) -> str:
    with database.session() as s:
        person, token = invitations.invite(
            s, username="lan.vanhoa", full_name="Nguyễn Thị Lan", roles=ROLES, by=commune.administrator, now_at=NOW
        )
        assert person.username == "lan.vanhoa"
        return token


def accept(database: Database, token: str, *, days: float = 0, password: str = PASSWORD) -> None:
    with database.session() as s:
        invitations.accept(s, token=token, password=password, now_at=NOW + timedelta(days=days))


def test_who_is_invited_sets_a_password_and_gets_in_with_it(database: Database, commune: Commune) -> None:
    accept(database, invite(database, commune), days=6.9)
    with database.session() as s:
        assert people.authenticate(s, username="lan.vanhoa", password=PASSWORD, now_at=NOW).full_name


def test_a_link_works_once_and_for_a_week(database: Database, commune: Commune) -> None:
    token = invite(database, commune)
    with pytest.raises(NotFound):
        accept(database, token, days=7)
    accept(database, token)
    for wrong in (token, token[:-1], ""):
        with pytest.raises(NotFound):
            accept(database, wrong)


def test_a_bad_password_does_not_use_the_link_up(database: Database, commune: Commune) -> None:
    token = invite(database, commune)
    with pytest.raises(Invalid):
        accept(database, token, password="ngan")
    accept(database, token)


def test_a_newer_link_ends_the_older_and_a_locked_account_takes_none(database: Database, commune: Commune) -> None:
    old = invite(database, commune)
    with database.session() as s:
        person = people.find(s, "lan.vanhoa")
        assert person
        new = invitations.offer(s, person=person, by=commune.administrator, now_at=NOW)
        with pytest.raises(NotAllowed):
            invitations.offer(s, person=person, by=commune.officer, now_at=NOW)
    with pytest.raises(NotFound):
        accept(database, old)
    with database.session() as s:
        person = people.find(s, "lan.vanhoa")
        assert person
        people.disable(s, person=person, by=commune.administrator, now_at=NOW)
    with pytest.raises(NotFound):
        accept(database, new)
