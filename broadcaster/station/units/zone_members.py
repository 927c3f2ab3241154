"""Which nodes are in which zone, for many zones at once: ids only, one question to the database."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.station.schema import Node, Zone, zone_nodes

Nodes = frozenset[str]


def members(s: Session) -> dict[str, Nodes]:
    """The ids of the nodes in service in every zone that has any, by the zone's id."""
    pairs = select(zone_nodes.c.zone_id, zone_nodes.c.node_id).join(Node, Node.id == zone_nodes.c.node_id)
    found: dict[str, set[str]] = {}
    for zone_id, node_id in s.execute(pairs.where(Node.revoked_at.is_(None))):
        found.setdefault(zone_id, set()).add(node_id)
    return {zone_id: frozenset(nodes) for zone_id, nodes in found.items()}


def reached(zones: Iterable[Zone], known: Mapping[str, Nodes]) -> Nodes:
    """All nodes of these zones together."""
    return frozenset().union(*(known.get(zone.id, frozenset()) for zone in zones))
