"""Kêu thử: a chirp on one node, and what became of it, on the node's page."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import LoaError
from broadcaster.station.broadcasts import test_tones
from broadcaster.station.nodes import nodes
from web.security.access import READING, Kind, asks, over
from web.shell.request_context import Context, changing, reading
from web.shell.services import services
from web.shell.telling import said

blueprint = Blueprint("chirps", __name__, url_prefix="/nodes/<node_id>/chirp")

RECENT = timedelta(minutes=15)
"""An older chirp tells nothing about how the node is now."""


@blueprint.get("")
@asks(READING)
def show(node_id: str) -> str:
    with reading() as c:
        return render_template("nodes/chirp.html", **about(c, node_id))


@blueprint.post("")
@asks(over(Kind.NODE, "manage_nodes"))
def order(node_id: str) -> Response:
    try:
        with changing() as c:
            test_tones.chirp(
                c.s,
                node=nodes.get(c.s, node_id),
                by=c.by,
                now_at=c.now_at,
                anyway=bool(request.form.get("anyway")),
                timing=services().config.schedule,
            )
    except LoaError as error:
        flash(said(error), "bad")
    return redirect(url_for("nodes.show", node_id=node_id) + "#chirp")


def about(c: Context, node_id: str) -> dict[str, object]:
    """What the node's page shows of it: the last one, unless that is long ago, and whether the hour is quiet."""
    node = nodes.get(c.s, node_id)
    last = test_tones.latest(c.s, node)
    recent = last if last is not None and c.now_at - last.broadcast.created_at < RECENT else None
    return {"node": node, "last": recent, "quiet": test_tones.hushed(c.s, node, c.now_at)}
