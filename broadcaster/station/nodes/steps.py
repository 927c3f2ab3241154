"""What a person may do with a node now: the act asks it, and its page and the API show it."""

from enum import StrEnum
from functools import partial

from sqlalchemy.orm import Session

from broadcaster.errors import Conflict
from broadcaster.station.people.permitted import permitted
from broadcaster.station.people.roles import Permission, may, require
from broadcaster.station.schema import Node, Person


class NodeStep(StrEnum):
    """One thing to do with a node.

    CHANGE: its settings; MOVE: to another unit; RENEW: a fresh password; REVOKE: out of service; LOUDER: let it be
    heard; RESEND: its agenda and what it lacks of clips.
    """

    CHANGE = "change"
    MOVE = "move"
    RENEW = "renew"
    REVOKE = "revoke"
    LOUDER = "louder"
    RESEND = "resend"


def steps(s: Session, node: Node, person: Person) -> frozenset[NodeStep]:
    """All that this person may do with it now."""
    return permitted(NodeStep, partial(_require, s, node, person))


def require_step(s: Session, step: NodeStep, node: Node, person: Person) -> None:
    """Raises NotAllowed, or Conflict for a node out of service."""
    if step is not NodeStep.RESEND or not may(s, person, Permission.BROADCAST, node.unit_id):
        require(s, person, Permission.MANAGE_NODES, node.unit_id)
    if node.revoked_at is not None:
        raise Conflict("node.revoked", node=node.name)


def _require(s: Session, node: Node, person: Person, step: NodeStep) -> None:
    require_step(s, step, node, person)
