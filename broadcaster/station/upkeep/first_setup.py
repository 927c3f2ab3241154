"""The first steps of a new station, for ``loa setup`` and the first-run pages alike: each again changes nothing twice,
and none is possible any more once somebody works with the station."""

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.certificates.first_certificates import CertificateChoice
from broadcaster.errors import Conflict, Invalid
from broadcaster.station.people import people
from broadcaster.station.people.authentication import username_of
from broadcaster.station.rows import settings
from broadcaster.station.schema import Person, Unit
from broadcaster.station.units import units
from broadcaster.station.vocabulary.names import name_of
from broadcaster.station.vocabulary.states import Role, UnitKind

KEY = "first_setup"
CERTIFICATES = "first_certificates"
"""What was chosen of certificates, until the address puts it in force."""


class SetupStep(StrEnum):
    """In their order. ADDRESS ends the setup: what may be done later and was not, is left out."""

    COMMUNE = "commune"
    PEOPLE = "people"
    NOTICES = "notices"
    BACKUPS = "backups"
    CERTIFICATES = "certificates"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class FirstLogin:
    """full_name, username: of a person; password: None has one made up."""

    full_name: str
    username: str
    password: str | None = None


@dataclass(frozen=True, slots=True)
class SetupState:
    """open: whether the station may still be set up; next: the step that is due, None when all are done."""

    open: bool
    next: SetupStep | None


def state(s: Session) -> SetupState:
    """How far it got. A station with people that never began here is none that wants setting up."""
    done = settings.read(s, KEY)
    if done is None:
        is_new = people.count(s) == 0
        return SetupState(is_new, SetupStep.COMMUNE if is_new else None)
    if SetupStep.ADDRESS in done:
        return SetupState(open=False, next=None)
    return SetupState(open=True, next=next(step for step in SetupStep if step not in done))


def require_open(s: Session) -> None:
    """Raises Conflict where the station is set up."""
    if not state(s).open:
        raise Conflict("setup.over")


def name_commune(s: Session, *, name: str, hamlets: tuple[str, ...] = (), now_at: datetime) -> Unit:
    """The commune and its hamlets; those that are there stay. Raises Invalid, Conflict."""
    require_open(s)
    label = name_of(name, field="commune")
    commune = s.scalar(select(Unit).where(Unit.kind == UnitKind.COMMUNE).order_by(Unit.id).limit(1))
    if commune is None:
        commune = units.add_unit(s, name=label, kind=UnitKind.COMMUNE, now_at=now_at)
    commune.name = label
    there = set(s.scalars(select(Unit.name).where(Unit.parent_id == commune.id)))
    for hamlet in dict.fromkeys(each.strip() for each in hamlets if each.strip()):
        if hamlet not in there:
            units.add_unit(s, name=hamlet, kind=UnitKind.HAMLET, parent_id=commune.id, now_at=now_at)
    done(s, SetupStep.COMMUNE)
    return commune


def add_people(
    s: Session, *, administrator: FirstLogin, approver: FirstLogin, now_at: datetime
) -> tuple[tuple[Person, str], tuple[Person, str]]:
    """Who looks after the station and writes, and who approves: nobody approves their own words, so it takes two.

    Each with the password. Raises Invalid, Conflict.
    """
    require_open(s)
    commune = s.scalar(select(Unit).where(Unit.kind == UnitKind.COMMUNE).order_by(Unit.id).limit(1))
    if commune is None:
        raise Conflict("setup.commune_first")
    if SetupStep.PEOPLE in (settings.read(s, KEY) or []):
        raise Conflict("setup.people_there")
    if username_of(administrator.username) == username_of(approver.username):
        raise Invalid("setup.two_people", field="approver")
    wanted = ((administrator, (Role.ADMINISTRATOR, Role.OFFICER)), (approver, (Role.APPROVER,)))
    first, second = (
        people.add_person(
            s,
            username=each.username,
            full_name=each.full_name,
            password=each.password,
            roles=[(commune.id, role) for role in roles],
            by=None,
            now_at=now_at,
        )
        for each, roles in wanted
    )
    done(s, SetupStep.PEOPLE)
    return first, second


def first_two(s: Session) -> list[Person]:
    """Those of the step before: who looks after the station, then who approves; none before it was taken."""
    order = {Role.ADMINISTRATOR: 0, Role.APPROVER: 1}
    found = {role: each for each in people.listing(s) for role in (each.role for each in each.memberships)}
    return [found[role] for role in order if role in found]


def done(s: Session, step: SetupStep) -> None:
    """This step is behind us. Raises Conflict where the station is set up."""
    require_open(s)
    before = settings.read(s, KEY) or []
    settings.write(s, KEY, [each for each in SetupStep if each == step or each in before])


def keep_certificates(s: Session, choice: CertificateChoice) -> None:
    """It is in force with the address, which ends the setup: until then the console stays where it is."""
    settings.write(s, CERTIFICATES, asdict(choice))
    done(s, SetupStep.CERTIFICATES)


def chosen_certificates(s: Session) -> CertificateChoice:
    """The station's own where nothing was chosen."""
    return msgspec.convert(settings.read(s, CERTIFICATES, {}), CertificateChoice)
