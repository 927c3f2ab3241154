"""Whom a notice concerns: who may act on it, by the reach of their roles."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.station.people.roles import may
from broadcaster.station.schema import Person


@dataclass(frozen=True, slots=True)
class NoticeAudience:
    """permissions: any one of them will do; units: where it must be held, None for the commune as a whole.

    everywhere: in each of these units, else in any; without: ids of people who have no part in it.
    """

    permissions: tuple[str, ...]
    units: frozenset[str | None]
    everywhere: bool = True
    without: frozenset[str] = frozenset()

    def packed(self) -> dict[str, Any]:
        """As it lies in a row."""
        return {
            "permissions": [str(each) for each in self.permissions],
            "units": sorted(self.units, key=str),
            "everywhere": self.everywhere,
            "without": sorted(self.without),
        }


def unpacked(packed: dict[str, Any]) -> NoticeAudience:
    return NoticeAudience(
        tuple(packed["permissions"]),
        frozenset(packed["units"]),
        packed["everywhere"],
        frozenset(packed["without"]),
    )


def members(s: Session, audience: NoticeAudience) -> list[Person]:
    """Everybody in it, by username."""
    everybody = s.scalars(select(Person).where(Person.disabled_at.is_(None)).order_by(Person.username)).unique()
    return [each for each in everybody if each.id not in audience.without and _belongs(s, each, audience)]


def first_called(people: Collection[Person], reached: Collection[str]) -> list[Person]:
    """Those of them who are called at once: all but the deputies of somebody who is.

    ``reached`` are the ids of people with a channel that works: the deputy of somebody without one does not wait.
    """
    held: set[str] = set()
    for person in sorted(people, key=lambda each: each.username):
        chiefs = [each for each in people if each.deputy_id == person.id and each.id != person.id]
        if any(each.id in reached and each.id not in held for each in chiefs):
            held.add(person.id)
    return [each for each in people if each.id not in held]


def _belongs(s: Session, person: Person, audience: NoticeAudience) -> bool:
    over = (any(may(s, person, each, unit_id) for each in audience.permissions) for unit_id in audience.units)
    return all(over) if audience.everywhere else any(over)
