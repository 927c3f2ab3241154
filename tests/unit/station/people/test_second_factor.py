"""The second proof at login."""

from datetime import UTC, datetime, timedelta

import pytest

from broadcaster.errors import Invalid, NotAllowed
from broadcaster.station.audit import entries as audit
from broadcaster.station.database.engine import Database
from broadcaster.station.people import second_factor, totp
from broadcaster.station.rows import settings
from broadcaster.station.schema import Person
from tests.rig.commune import NOW, Commune

SECRET = totp.new_secret()


@pytest.mark.parametrize(
    ("seconds", "digits"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_rfc_6238(seconds: int, digits: str) -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # "12345678901234567890", appendix B
    assert totp.code(secret, totp.step_at(datetime.fromtimestamp(seconds, UTC))) == digits


def at(moment: datetime) -> str:
    return totp.code(SECRET, totp.step_at(moment))


def enable(database: Database, commune: Commune) -> list[str]:
    with database.session() as s:
        person = s.get_one(Person, commune.officer.id)
        return second_factor.enable(s, person=person, secret=SECRET, typed=at(NOW), now_at=NOW)


def check(database: Database, commune: Commune, typed: str, now_at: datetime) -> None:
    with database.session() as s:
        second_factor.check(s, person=s.get_one(Person, commune.officer.id), typed=typed, now_at=now_at)


def test_it_is_switched_on_only_by_a_code_of_the_telephone(database: Database, commune: Commune) -> None:
    with database.session() as s:
        person = s.get_one(Person, commune.officer.id)
        with pytest.raises(Invalid) as refusal:
            second_factor.enable(s, person=person, secret=SECRET, typed="000000", now_at=NOW)
        assert refusal.value.field == "code"
        assert person.totp_secret is None


def test_a_code_opens_once_and_a_clock_half_a_minute_off_is_forgiven(database: Database, commune: Commune) -> None:
    enable(database, commune)
    later = NOW + timedelta(minutes=5)
    check(database, commune, " ".join(at(later - timedelta(seconds=30))), later)
    check(database, commune, at(later), later)
    for typed in (at(later), at(NOW), "", "abc", at(later + timedelta(minutes=3))):
        with pytest.raises(NotAllowed):
            check(database, commune, typed, later)


def test_a_code_on_paper_opens_once_however_it_is_typed(database: Database, commune: Commune) -> None:
    codes = enable(database, commune)
    assert len(set(codes)) == 10
    check(database, commune, codes[3].upper().replace("-", " "), NOW)
    with pytest.raises(NotAllowed):
        check(database, commune, codes[3], NOW)
    with database.session() as s:
        assert second_factor.codes_left(s, s.get_one(Person, commune.officer.id)) == 9


def test_guessing_has_to_wait(database: Database, commune: Commune) -> None:
    enable(database, commune)
    for _ in range(6):
        with pytest.raises(NotAllowed):
            check(database, commune, "000000", NOW)
    with pytest.raises(NotAllowed, match=r"second_factor\.too_many_tries"):
        check(database, commune, at(NOW + timedelta(seconds=30)), NOW)


def test_an_administrator_takes_it_away_when_the_telephone_is_lost(database: Database, commune: Commune) -> None:
    enable(database, commune)
    with database.session() as s:
        person = s.get_one(Person, commune.officer.id)
        with pytest.raises(NotAllowed):
            second_factor.disable_for(s, person=person, by=commune.approver, now_at=NOW)
        second_factor.disable_for(s, person=person, by=commune.administrator, now_at=NOW)
    with database.reading() as s:
        person = s.get_one(Person, commune.officer.id)
        assert (person.totp_secret, second_factor.codes_left(s, person)) == (None, 0)
        assert audit.verify(s) == []


def test_the_commune_may_ask_administrators_for_it(database: Database, commune: Commune) -> None:
    with database.session() as s:
        administrator, officer = (s.get_one(Person, who.id) for who in (commune.administrator, commune.officer))
        assert not second_factor.must_enrol(s, administrator)
        settings.write(s, second_factor.REQUIRED, True)
        assert second_factor.must_enrol(s, administrator)
        assert not second_factor.must_enrol(s, officer)
