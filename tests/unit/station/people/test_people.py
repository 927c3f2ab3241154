"""Who gets in, who does not, and what each may do."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from broadcaster.errors import Conflict, Invalid, NotAllowed
from broadcaster.refusals.reasons import Reason
from broadcaster.station.database.engine import Database
from broadcaster.station.people import authentication, people, roles, sessions, tokens
from broadcaster.station.schema import AuditEntry, Person
from tests.rig.commune import NOW, Commune

pytestmark = pytest.mark.integration
PASSWORD = "mat-khau-cua-toi"


def log_in(database: Database, username: str, password: str, after: timedelta = timedelta()) -> Person:
    with database.session() as s:
        return people.authenticate(s, username=username, password=password, now_at=NOW + after)


def test_the_right_password_gets_in(database: Database, commune: Commune) -> None:
    assert log_in(database, "canbo", PASSWORD).id == commune.officer.id


def test_a_username_is_the_same_however_it_is_typed(database: Database, commune: Commune) -> None:
    assert log_in(database, "  CANBO ", PASSWORD).id == commune.officer.id


def test_every_refusal_says_the_same(database: Database, commune: Commune) -> None:
    with database.session() as s:
        people.disable(s, person=people.get(s, commune.viewer.id), by=None, now_at=NOW)
    for username, password in (("canbo", "sai"), ("khong-co", "sai"), ("khach", PASSWORD)):
        with pytest.raises(NotAllowed) as error:
            log_in(database, username, password)
        assert error.value.reason == Reason("sign_in.refused")


def test_after_five_wrong_passwords_even_the_right_one_has_to_wait(database: Database, commune: Commune) -> None:
    for _ in range(5):
        with pytest.raises(NotAllowed):
            log_in(database, "canbo", "sai")
    with pytest.raises(NotAllowed):
        log_in(database, "canbo", PASSWORD)
    assert log_in(database, "canbo", PASSWORD, after=timedelta(seconds=3)).failed_logins == 0


def test_the_wait_grows_to_a_quarter_of_an_hour_and_no_further(database: Database, commune: Commune) -> None:
    later = timedelta()
    for _ in range(20):
        later += timedelta(minutes=16)
        with pytest.raises(NotAllowed):
            log_in(database, "canbo", "sai", after=later)
    with pytest.raises(NotAllowed):
        log_in(database, "canbo", PASSWORD, after=later + timedelta(minutes=14))
    log_in(database, "canbo", PASSWORD, after=later + timedelta(minutes=15, seconds=1))


def test_only_argon2id_hashes_are_stored(database: Database, commune: Commune) -> None:
    assert commune.officer.password_hash.startswith("$argon2id$")


def test_a_decomposed_password_is_the_same_password(database: Database, commune: Commune) -> None:
    with database.session() as s:
        person = people.get(s, commune.viewer.id)
        people.set_password(s, person=person, password="Côn Minh xã nhà", by=None, now_at=NOW)
    log_in(database, "khach", "Co\u0302n Minh xa\u0303 nha\u0300")


@pytest.mark.parametrize("username", ["", "ab", "có dấu cách", "<script>", "a" * 65])
def test_a_bad_username_is_refused_by_name(database: Database, commune: Commune, username: str) -> None:
    with pytest.raises(Invalid) as error, database.session() as s:
        people.add_person(
            s, username=username, full_name="X", password=None, roles=[("con-minh", "viewer")], by=None, now_at=NOW
        )
    assert error.value.field == "username"


def test_a_short_password_is_refused(database: Database, commune: Commune) -> None:
    with pytest.raises(Invalid) as error, database.session() as s:
        people.add_person(s, username="moi", full_name="X", password="88888888", roles=[], by=None, now_at=NOW)
    assert error.value.field == "password"


def test_a_taken_username_is_refused(database: Database, commune: Commune) -> None:
    with pytest.raises(Conflict, match=r"person\.username_taken"), database.session() as s:
        people.add_person(s, username="CanBo", full_name="X", password=None, roles=[], by=None, now_at=NOW)


def test_only_those_who_look_after_people_add_people(database: Database, commune: Commune) -> None:
    with pytest.raises(NotAllowed), database.session() as s:
        people.add_person(
            s,
            username="moi",
            full_name="X",
            password=None,
            roles=[("con-minh", "approver")],
            by=commune.officer,
            now_at=NOW,
        )


@pytest.mark.parametrize(
    ("role", "permission", "allowed"),
    [
        ("officer", "write", True),
        ("officer", "approve", False),
        ("approver", "approve", True),
        ("administrator", "manage_people", True),
        ("administrator", "approve", False),
        ("viewer", "view_log", True),
        ("viewer", "write", False),
    ],
)
def test_a_role_gives_what_its_table_says(
    database: Database, commune: Commune, role: str, permission: str, allowed: bool
) -> None:
    person = getattr(commune, role)
    with database.reading() as s:
        assert roles.may(s, person, permission, None) is allowed


def test_a_role_in_the_commune_holds_in_its_hamlets_but_not_the_other_way(database: Database, commune: Commune) -> None:
    with database.reading() as s:
        assert roles.may(s, commune.officer, "write", "lung-pang")
        assert roles.may(s, commune.hamlet_head, "write", "lung-pang")
        assert not roles.may(s, commune.hamlet_head, "write", "con-minh")
        assert not roles.may(s, commune.hamlet_head, "write", "ban-cuon")


def test_a_session_ends_by_logging_out_by_idleness_and_by_age(database: Database, commune: Commune) -> None:
    with database.session() as s:
        left, idle, old = (sessions.open_session(s, person=commune.officer, now_at=NOW, client="x") for _ in range(3))
    with database.session() as s:
        sessions.end_session(s, left, now_at=NOW)
        assert sessions.read_session(s, left, now_at=NOW) is None
        assert sessions.read_session(s, idle, now_at=NOW + timedelta(hours=13)) is None
        for hours in range(0, 168, 11):
            assert sessions.read_session(s, old, now_at=NOW + timedelta(hours=hours)) is not None
            sessions.touch_session(s, old, now_at=NOW + timedelta(hours=hours))
        assert sessions.read_session(s, old, now_at=NOW + timedelta(days=7)) is None


def test_disabling_a_person_ends_sessions_and_tokens_at_once(database: Database, commune: Commune) -> None:
    with database.session() as s:
        cookie = sessions.open_session(s, person=commune.officer, now_at=NOW, client="x")
        token = tokens.add_token(s, person=commune.officer, name="máy", now_at=NOW)
    with database.session() as s:
        people.disable(s, person=people.get(s, commune.officer.id), by=commune.administrator, now_at=NOW)
    with database.reading() as s:
        assert sessions.read_session(s, cookie, now_at=NOW) is None
        with pytest.raises(NotAllowed, match=r"token\.owner_locked"):
            tokens.read_token(s, token, now_at=NOW)


def test_wrong_expired_and_revoked_tokens_are_refused_each_with_its_reason(
    database: Database, commune: Commune
) -> None:
    with database.session() as s:
        token = tokens.add_token(s, person=commune.officer, name="máy", now_at=NOW, days=1)
    with database.session() as s:
        assert tokens.read_token(s, token, now_at=NOW).id == commune.officer.id
        with pytest.raises(NotAllowed, match=r"token\.wrong"):
            tokens.read_token(s, token + "x", now_at=NOW)
        with pytest.raises(NotAllowed, match=r"token\.expired"):
            tokens.read_token(s, token, now_at=NOW + timedelta(days=1))
        found = tokens.listing(s, person=commune.officer)[0]
        tokens.revoke_token(s, token_id=found.id, by=commune.officer, now_at=NOW)
        with pytest.raises(NotAllowed, match=r"token\.revoked"):
            tokens.read_token(s, token, now_at=NOW)
    assert token not in found.token_hash


@pytest.mark.parametrize("act", ["own password", "reset", "lock", "sign out"])
def test_what_ends_a_persons_logins_ends_their_tokens_and_nobody_elses(
    database: Database, commune: Commune, act: str
) -> None:
    with database.session() as s:
        officer, approver = s.get_one(Person, commune.officer.id), s.get_one(Person, commune.approver.id)
        token = tokens.add_token(s, person=officer, name="máy", now_at=NOW)
        others = tokens.add_token(s, person=approver, name="máy", now_at=NOW)
        if act == "lock":
            people.disable(s, person=officer, by=None, now_at=NOW)
            people.enable(s, person=officer, by=None, now_at=NOW)
        elif act == "sign out":
            people.end_sessions(s, person=officer, by=officer, now_at=NOW)
        else:
            by = officer if act == "own password" else None
            people.set_password(s, person=officer, password="mat-khau-moi-toanh", by=by, now_at=NOW)
    with database.session() as s:
        with pytest.raises(NotAllowed):
            tokens.read_token(s, token, now_at=NOW)
        assert tokens.read_token(s, others, now_at=NOW).id == commune.approver.id


def test_tries_of_unknown_names_are_kept_up_to_a_hundred_an_hour(database: Database, commune: Commune) -> None:
    for number in range(people_tries := authentication.MOST_REFUSALS + 5):
        with pytest.raises(NotAllowed):
            log_in(database, f"nobody-{number}", "sai")
    with pytest.raises(NotAllowed):
        log_in(database, "nobody-later", "sai", after=timedelta(hours=2))
    with database.reading() as s:
        found = s.scalars(
            select(AuditEntry).where(AuditEntry.action == "person.login_unknown").order_by(AuditEntry.number)
        ).all()
    assert len(found) == authentication.MOST_REFUSALS + 1 < people_tries
    assert [each.details for each in found[-2:]] == [{"more_not_recorded": True}, {}]
