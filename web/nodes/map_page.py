"""The nodes on a drawn map: nothing is fetched from anywhere."""

from typing import Any

from flask import Blueprint, render_template, url_for

from broadcaster.station.nodes import nodes
from broadcaster.station.nodes.board import NodeView
from broadcaster.station.nodes.search import NodeQuery, chosen
from broadcaster.station.nodes.settings import of
from broadcaster.station.schema import Unit
from broadcaster.station.units import settings as unit_settings
from broadcaster.station.units import units
from broadcaster.station.vocabulary.states import UnitKind
from web.drawing import maps
from web.forms.query_arguments import asked_again, asked_words
from web.security.access import READING, asks
from web.shell.request_context import Context, reading

blueprint = Blueprint("node_map", __name__, url_prefix="/nodes/map")


@blueprint.get("")
@asks(READING)
def show() -> str:
    with reading() as c:
        return render_template(
            "nodes/map.html",
            drawing_address=asked_again(url_for(".drawing")),
            list_address=asked_again(url_for("nodes.board")),
            **_drawing(c),
        )


@blueprint.get("/drawing")
@asks(READING)
def drawing() -> str:
    with reading() as c:
        return render_template("nodes/drawing.html", **_drawing(c))


def _drawing(c: Context) -> dict[str, Any]:
    tree = units.tree(c.s)
    asked = NodeQuery(asked_words(), asked_words("unit"), asked_words("condition"))
    views = chosen(nodes.board(c.s, now_at=c.now_at), asked, tree=tree)
    placed = {view.node.id: view for view in views if _where(view)}
    hamlets = [_name_of(unit) for unit in tree if unit.kind is UnitKind.HAMLET and unit.latitude is not None]
    places = [*hamlets, *(maps.MapPlace(view.node.id, view.node.name, _sure(view)) for view in placed.values())]
    return {
        "asked": asked,
        "views": placed,
        "homeless": [view for view in views if view.node.id not in placed],
        "sheet": maps.drawn(places) if placed else None,
    }


def _where(view: NodeView) -> maps.Position | None:
    """Its own place, else that of its hamlet."""
    return of(view.node).position or unit_settings.of(view.node.unit).position


def _sure(view: NodeView) -> maps.Position:
    position = _where(view)
    assert position is not None
    return position


def _name_of(unit: Unit) -> maps.MapPlace:
    return maps.MapPlace(unit.id, unit.name, unit_settings.of(unit).position or (0.0, 0.0), mark=False)
