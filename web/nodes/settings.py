"""Tuning one node, moving it, and taking it out of service."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import Invalid, LoaError
from broadcaster.station.nodes import moves as node_moves
from broadcaster.station.nodes import nodes
from broadcaster.station.nodes import settings as node_settings
from broadcaster.station.people.roles import require
from broadcaster.station.units import units
from broadcaster.station.vocabulary.names import folded
from web.forms import quiet_hour_rows
from web.nodes.form import HOURS, from_node, settings_typed
from web.security.access import Kind, asks, over
from web.shell.failures import status_of
from web.shell.request_context import changing, reading
from web.translations.languages import gettext as _

blueprint = Blueprint("node_settings", __name__, url_prefix="/nodes/<node_id>")


@blueprint.get("/settings")
@asks(over(Kind.NODE, "manage_nodes"))
def edit(node_id: str) -> str:
    return _page(node_id)


@blueprint.post("/settings")
@asks(over(Kind.NODE, "manage_nodes"))
def save(node_id: str) -> Response:
    try:
        wanted = settings_typed()
        with changing() as c:
            node = nodes.get(c.s, node_id)
            node_settings.change(c.s, node=node, wanted=wanted, by=c.by, now_at=c.now_at)
            unit_id = request.form.get("unit_id", node.unit_id)
            node_moves.move(c.s, node=node, unit_id=unit_id, by=c.by, now_at=c.now_at)
    except LoaError as error:
        return make_response(_page(node_id, error), status_of(error))
    flash(_("Đã lưu. Cụm loa sẽ nhận cài đặt mới cùng lịch phát, trong vài giây nếu đang kết nối."), "good")
    return redirect(url_for("nodes.show", node_id=node_id))


@blueprint.post("/revoke")
@asks(over(Kind.NODE, "manage_nodes"))
def revoke(node_id: str) -> Response:
    """Only for somebody who wrote the node's name: it cannot be undone."""
    with changing() as c:
        node = nodes.get(c.s, node_id)
        require(c.s, c.by, "manage_nodes", node.unit_id)
        if folded(request.form.get("typed", "")) != folded(node.name):
            raise Invalid("node.name_not_typed", field="typed", node=node.name)
        nodes.revoke_node(c.s, node=node, by=c.by, now_at=c.now_at)
    flash(_("Đã thu hồi cụm loa: nó không còn nhận được lệnh nào nữa."), "good")
    return redirect(url_for("nodes.board"))


def _page(node_id: str, error: LoaError | None = None) -> str:
    with reading() as c:
        node = nodes.get(c.s, node_id)
        require(c.s, c.by, "manage_nodes", node.unit_id)
        form = request.form if error else from_node(node)
        return render_template(
            "nodes/settings.html",
            node=node,
            form=form,
            quiet=quiet_hour_rows.shown(form),
            hours=HOURS,
            tree=units.tree(c.s),
            error=error,
        )
