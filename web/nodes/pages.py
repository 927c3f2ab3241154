"""Cụm loa: how every node is, and what it did."""

from typing import Any

from flask import Blueprint, render_template, url_for

from broadcaster.errors import NotFound
from broadcaster.station.broadcasts import lists
from broadcaster.station.feedback.complaints import complaints
from broadcaster.station.feedback.steps import sees
from broadcaster.station.nodes import nodes
from broadcaster.station.nodes.board import NodeView
from broadcaster.station.nodes.search import NodeQuery, chosen
from broadcaster.station.units import units
from broadcaster.station.vocabulary.pages import Page
from web.forms.query_arguments import asked_again, asked_page, asked_words
from web.matters import attention
from web.nodes import chirps
from web.security.access import READING, asks
from web.shell.request_context import Context, reading

blueprint = Blueprint("nodes", __name__, url_prefix="/nodes")

SIZE = 50


@blueprint.get("")
@asks(READING)
def board() -> str:
    with reading() as c:
        addresses = {"rows": asked_again(url_for(".rows")), "map_address": asked_again(url_for("node_map.show"))}
        loudest = attention.loudest(c)
        return render_template("nodes/board.html", tree=units.tree(c.s), loudest=loudest, **addresses, **_found(c))


@blueprint.get("/rows")
@asks(READING)
def rows() -> str:
    with reading() as c:
        return render_template("nodes/rows.html", **_found(c))


@blueprint.get("/<node_id>")
@asks(READING)
def show(node_id: str) -> str:
    with reading() as c:
        view = _view(c, node_id)
        chirp = chirps.about(c, node_id)
        return render_template(
            "nodes/show.html",
            view=view,
            deliveries=lists.of_node(c.s, node_id, most=20),
            complaints=complaints(c.s, now_at=c.now_at, node_id=node_id),
            sees_feedback=sees(c.s, c.by, view.node.unit_id),
            **chirp,
        )


@blueprint.get("/<node_id>/state")
@asks(READING)
def state(node_id: str) -> str:
    with reading() as c:
        return render_template("nodes/state.html", view=_view(c, node_id))


def _found(c: Context) -> dict[str, Any]:
    """What the list shows: the nodes asked for, a page of them, and how many there are in all."""
    asked = NodeQuery(asked_words(), asked_words("unit"), asked_words("condition"), asked_words("order") or "name")
    board = nodes.board(c.s, now_at=c.now_at)
    fitting = chosen(board, asked, tree=units.tree(c.s))
    number = asked_page()
    found = Page(fitting[(number - 1) * SIZE : number * SIZE], len(fitting), number, SIZE)
    around = {step: asked_again(url_for(".board"), page=number + step) for step in (-1, 1)}
    return {"asked": asked, "found": found, "known": len(board), "around": around}


def _view(c: Context, node_id: str) -> NodeView:
    node = nodes.get(c.s, node_id)
    for view in nodes.board(c.s, now_at=c.now_at):
        if view.node.id == node.id:
            return view
    raise NotFound("node.revoked", node=node.name)
