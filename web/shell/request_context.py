"""A request at work: the open database, the person who asks, and the time, in one hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from broadcaster.errors import NotAllowed
from broadcaster.station.schema import Person
from web.serving.urgency import is_order, is_urgent
from web.shell.logins import current_visitor
from web.shell.services import services


@dataclass(frozen=True, slots=True)
class Context:
    """One request at work; everything done at it is saved together or not at all.

    s: the open database session.
    by: the person who asks.
    now_at: when.
    """

    s: Session
    by: Person
    now_at: datetime


@contextmanager
def changing() -> Iterator[Context]:
    """The request of whoever is signed in, to change something. Raises NotAllowed when the account is gone."""
    with services().database.session(urgent=is_order()) as s:
        yield _context(s)


@contextmanager
def reading() -> Iterator[Context]:
    """The request of whoever is signed in, to look only: waits for nobody who writes."""
    with services().database.reading(urgent=is_urgent()) as s:
        yield _context(s)


def _context(s: Session) -> Context:
    visitor = current_visitor()
    person = s.get(Person, visitor.person_id) if visitor else None
    if person is None:
        raise NotAllowed("account.gone")
    return Context(s, person, services().clock())
