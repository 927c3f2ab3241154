"""What a person may do with a matter now: the act asks it, and its page and the API show it."""

from enum import StrEnum
from functools import partial

from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, NotAllowed
from broadcaster.refusals.reasons import Reason
from broadcaster.station.people.permitted import permitted
from broadcaster.station.people.roles import Permission, may
from broadcaster.station.schema import Gauge, Matter, Node, Person

DEALERS = (Permission.BROADCAST, Permission.MANAGE_NODES)
"""Whoever holds one of these where it is may say that something is dealt with."""


class MatterStep(StrEnum):
    """One thing to do with a matter. DEAL: say that it is dealt with."""

    DEAL = "deal"


def steps(s: Session, matter: Matter, person: Person) -> frozenset[MatterStep]:
    """All that this person may do with it now."""
    return permitted(MatterStep, partial(_require, s, matter, person))


def require_step(s: Session, _step: MatterStep, matter: Matter, person: Person) -> None:
    """Raises NotAllowed, or Conflict when somebody was quicker."""
    if not any(may(s, person, permission, unit_of(s, matter)) for permission in DEALERS):
        raise NotAllowed("matter.only_viewing", person=person.full_name)
    if matter.dealt_at is not None:
        dealer = matter.dealt_by.full_name if matter.dealt_by else Reason("person.somebody_else")
        raise Conflict("matter.dealt_with", person=dealer)


def _require(s: Session, matter: Matter, person: Person, step: MatterStep) -> None:
    require_step(s, step, matter, person)


def unit_of(s: Session, matter: Matter) -> str | None:
    """The hamlet of the node or gauge it is about; None, the whole commune, for everything else."""
    kind, _, name = matter.subject.partition(":")
    found = s.get(Node, name) if kind == "node" else s.get(Gauge, name) if kind == "gauge" else None
    return found.unit_id if found else None
