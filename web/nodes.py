"""Cụm loa: how every pole is, and what it did."""

from flask import Blueprint, flash, redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from broadcaster.errors import NotFound
from broadcaster.station import nodes
from broadcaster.station.node_board import NodeView
from broadcaster.station.schema import Broadcast, Delivery
from web.desks import Desk, desk, reading
from web.languages import gettext as _

blueprint = Blueprint("nodes", __name__, url_prefix="/nodes")


@blueprint.get("")
def board() -> str:
    with reading() as d:
        return render_template("nodes/board.html", board=nodes.board(d.s, now_at=d.now_at))


@blueprint.get("/rows")
def rows() -> str:
    with reading() as d:
        return render_template("nodes/rows.html", board=nodes.board(d.s, now_at=d.now_at))


@blueprint.get("/<node_id>")
def show(node_id: str) -> str:
    with reading() as d:
        return render_template("nodes/show.html", view=_view(d, node_id), deliveries=_latest(d, node_id))


@blueprint.get("/<node_id>/state")
def state(node_id: str) -> str:
    with reading() as d:
        return render_template("nodes/state.html", view=_view(d, node_id))


@blueprint.post("/<node_id>/revoke")
def revoke(node_id: str) -> Response:
    with desk() as d:
        nodes.revoke_node(d.s, node=nodes.get(d.s, node_id), by=d.by, now_at=d.now_at)
    flash(_("Đã thu hồi cụm loa: nó không còn nhận được lệnh nào nữa."), "good")
    return redirect(url_for(".board"))


def _view(d: Desk, node_id: str) -> NodeView:
    node = nodes.get(d.s, node_id)
    for view in nodes.board(d.s, now_at=d.now_at):
        if view.node.id == node.id:
            return view
    raise NotFound(f"Cụm loa “{node.name}” đã được thu hồi.")


def _latest(d: Desk, node_id: str) -> list[tuple[Delivery, Broadcast]]:
    latest = (
        select(Delivery, Broadcast)
        .join(Broadcast, Delivery.broadcast_id == Broadcast.id)
        .where(Delivery.node_id == node_id)
        .order_by(Broadcast.start_at.desc())
        .limit(20)
    )
    return [(delivery, broadcast) for delivery, broadcast in d.s.execute(latest)]
