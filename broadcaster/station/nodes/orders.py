"""What the commune decided about each node, as far as its agenda speaks of it: read for thousands of nodes at once."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple, Protocol

from msgspec.structs import replace
from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from broadcaster.protocol.agenda import Policy
from broadcaster.station.rules import quiet_hours
from broadcaster.station.schema import Node


class Ordered(Protocol):
    """A node as agendas know it; each as in ``schema.Node``."""

    @property
    def id(self) -> str: ...
    @property
    def unit_id(self) -> str: ...
    @property
    def quiet_hours(self) -> Sequence[Any]: ...
    @property
    def volume_percent(self) -> int: ...
    @property
    def volume_profile(self) -> Sequence[int]: ...
    @property
    def stagger_ms(self) -> int: ...


@dataclass(frozen=True, slots=True)
class NodeOrders:
    """The same for itself, with its account at the broker; each as in ``schema.Node``."""

    quiet_hours: list[Any]
    volume_profile: list[int]
    id: str
    unit_id: str
    volume_percent: int
    stagger_ms: int
    username: str
    password_hash: str
    password_sha256: str | None


class OwnRules(NamedTuple):
    """A node's part of its policy; each as in ``schema.Node``. Nodes that are treated alike have equal ones."""

    quiet_hours: tuple[tuple[int, ...], ...]
    volume_percent: int
    volume_profile: tuple[int, ...]
    stagger_ms: int

    def within(self, policy: Policy) -> Policy:
        """These, besides the commune's."""
        return replace(
            policy,
            quiet_hours=(*policy.quiet_hours, *quiet_hours.of_pairs(self.quiet_hours)),
            volume_percent=self.volume_percent,
            volume_profile=self.volume_profile,
            stagger_ms=self.stagger_ms,
        )


def own_rules(node: Ordered) -> OwnRules:
    """Those of one node."""
    quiet = tuple(map(tuple, node.quiet_hours))
    return OwnRules(quiet, node.volume_percent, tuple(node.volume_profile), node.stagger_ms)


def in_service(s: Session) -> list[NodeOrders]:
    """Of every node in service, by id. Whole objects of 10,000 nodes would take a second."""
    read = cache(json.loads)  # most nodes have the same lists
    quiet, profile = cast(Node.quiet_hours, String), cast(Node.volume_profile, String)
    account = (Node.username, Node.password_hash, Node.password_sha256)
    columns = (Node.id, Node.unit_id, Node.volume_percent, Node.stagger_ms, *account)
    chosen = select(quiet, profile, *columns).where(Node.revoked_at.is_(None)).order_by(Node.id)
    return [NodeOrders(read(row[0]), read(row[1]), *row[2:]) for row in s.execute(chosen).all()]
