"""This copy of the station: the term and the names it signs with, and those it signed with before.

Two copies of one station share the key, the nodes and maybe the numbers, but not the database in which a name was
given. What nodes obey under a name of another database, or under a number this one never gave, is another copy's, or
something this one has forgotten.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from broadcaster.station.copies import places
from broadcaster.station.copies.places import IssuerFile
from broadcaster.station.rows import settings

NAMES, TERM, PAST, RESTORED, SECOND = "copy_names", "copy_term", "copy_past", "copy_restored", "copy_second"
"""Settings: names by database; the term; the highest number of each name that is known to sign no more; whether a
person brought this copy back from a backup; the second copy, see ``second_copy``."""
REMEMBERED = 200
"""Names; a machine whose network cards come and go gets a new one each time."""


@dataclass(frozen=True, slots=True)
class OwnCopy:
    """What this database knows of itself.

    term: what it signs.
    live: names given in this very database; its own, and those of stations beside it.
    known: these and the names it brought along from where it was copied.
    past: highest numbers of names that sign no more.
    restored: a person brought it back from a backup, and it has not found its nodes yet.
    """

    term: int
    live: frozenset[str]
    known: frozenset[str]
    past: Mapping[str, int]
    restored: bool

    def is_another(self, *, term: int, issuer: str, number: int, issued: int | None) -> bool:
        """Whether a node that names this agenda obeys another copy, or numbers forgotten here; ``issued`` is the last
        number given to the node. Before this copy ever signed nothing is said."""
        if not self.live or number == 0:
            return False
        unknown = issuer != "" and issuer not in self.known
        return term > self.term or unknown or (term == self.term and number > (issued or 0))


def read(s: Session) -> OwnCopy:
    """As it stands."""
    names = settings.read(s, NAMES, {"database": "", "issuers": {}})
    issuers: Mapping[str, str] = names["issuers"]
    return OwnCopy(
        term=settings.read(s, TERM, 0),
        live=frozenset(name for name, database in issuers.items() if database == names["database"]),
        known=frozenset(issuers),
        past=settings.read(s, PAST, {}),
        restored=settings.read(s, RESTORED, False),
    )


def settle(s: Session, data_dir: Path) -> str:
    """The name this copy signs with: the one it had, unless it was moved, copied or restored elsewhere."""
    place = places.place_of(data_dir)
    database = places.database_of(s, place)
    there, home = places.read(data_dir), f"{place}:{database}"
    if there is None or there.place != home:
        settings.write(s, SECOND, None)
        there = IssuerFile(_new_name(), home, 0)
    elif there.term > settings.read(s, TERM, 0):
        settings.write(s, TERM, there.term)
    _enter(s, there.issuer, database)
    places.write(data_dir, IssuerFile(there.issuer, home, settings.read(s, TERM, 0)))
    return there.issuer


def rename(s: Session, data_dir: Path) -> str:
    """Another name from now on, which no copy of this database knows."""
    place = places.place_of(data_dir)
    database, name = places.database_of(s, place), _new_name()
    _enter(s, name, database)
    places.write(data_dir, IssuerFile(name, f"{place}:{database}", settings.read(s, TERM, 0)))
    return name


def note_past(s: Session, issuer: str, number: int) -> None:
    """This name signs no more; so high its numbers went."""
    past = settings.read(s, PAST, {})
    if number > past.get(issuer, -1):
        settings.write(s, PAST, dict(list({**past, issuer: number}.items())[-REMEMBERED:]))


def raise_term(s: Session, term: int) -> None:
    """Sign with this term from now on, if it is higher."""
    if term > settings.read(s, TERM, 0):
        settings.write(s, TERM, term)


def keep_term(s: Session, data_dir: Path) -> None:
    """Write the term beside the database, where no restored one can forget it."""
    there, term = places.read(data_dir), settings.read(s, TERM, 0)
    if there is not None and there.term < term:
        places.write(data_dir, IssuerFile(there.issuer, there.place, term))


def mark_restored(s: Session) -> None:
    """A person brought this copy back from a backup: it shall find its nodes whatever they have obeyed since."""
    settings.write(s, RESTORED, True)


def found_its_nodes(s: Session) -> None:
    """What was brought back from a backup speaks to its nodes again."""
    if settings.read(s, RESTORED, False):
        settings.write(s, RESTORED, False)


def _enter(s: Session, issuer: str, database: str) -> None:
    names = settings.read(s, NAMES, {"database": "", "issuers": {}})
    issuers = {**names["issuers"], issuer: database}
    entered = {"database": database, "issuers": dict(list(issuers.items())[-REMEMBERED:])}
    if entered != names:
        settings.write(s, NAMES, entered)


def _new_name() -> str:
    return secrets.token_hex(8)
