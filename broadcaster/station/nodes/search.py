"""Choosing among the nodes: by words, hamlet and condition, in a wished order. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from broadcaster.station.nodes.board import NodeView
from broadcaster.station.schema import Unit
from broadcaster.station.vocabulary.names import bare, sort_key

PRESENCES = ("online", "offline", "unknown", "never", "elsewhere")


@dataclass(frozen=True, slots=True)
class NodeQuery:
    """query: words of a name, old names too; unit: id of a unit, with all below it.

    condition: a presence, or "troubled", or empty; order: name, unit, condition or seen, with "-" before it backwards.
    """

    query: str = ""
    unit: str = ""
    condition: str = ""
    order: str = "name"


def chosen(views: Iterable[NodeView], wanted: NodeQuery, *, tree: Sequence[Unit]) -> list[NodeView]:
    """Those that fit, in the order asked for."""
    inside = below(tree, wanted.unit)
    words = bare(wanted.query).split()
    found = [
        view
        for view in views
        if (not wanted.unit or view.node.unit_id in inside)
        and _is(view, wanted.condition)
        and all(word in said_of(view) for word in words)
    ]
    key = _ORDERS.get(wanted.order.lstrip("-"), _ORDERS["name"])
    found.sort(key=lambda view: sort_key(view.node.name))
    found.sort(key=key, reverse=wanted.order.startswith("-"))
    return found


def below(tree: Sequence[Unit], unit_id: str) -> set[str]:
    """The unit and every unit under it; a parent comes before its children in ``tree``."""
    inside = {unit_id}
    for unit in tree:
        if unit.parent_id in inside:
            inside.add(unit.id)
    return inside


def said_of(view: NodeView) -> str:
    """Everything a node may be looked for by, without marks."""
    node = view.node
    names = (node.id, node.name, *node.aliases, node.unit.name, *node.unit.aliases, node.place, node.keeper_name)
    return bare(" | ".join((*names, node.keeper_phone)))


def _is(view: NodeView, condition: str) -> bool:
    if condition == "troubled":
        return bool(view.reasons)
    return condition not in PRESENCES or view.presence == condition


def _seen(view: NodeView) -> tuple[bool, float]:
    seen_at = view.state.seen_at if view.state else None
    return seen_at is not None, -seen_at.timestamp() if seen_at else 0.0


_ORDERS: dict[str, Callable[[NodeView], tuple[object, ...]]] = {
    "name": lambda view: sort_key(view.node.name),
    "unit": lambda view: sort_key(view.node.unit.name),
    "condition": lambda view: (PRESENCES.index(view.presence) == 0, -len(view.reasons)),
    "seen": _seen,
}
