"""One tap for a node that is not ready: only what really does something."""

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from broadcaster.station.matters import remedies
from broadcaster.station.nodes import nodes
from web.forms.parsing import sent_instant
from web.security.access import Kind, asks, over
from web.shell.logins import local_path
from web.shell.request_context import changing
from web.translations.languages import gettext as _

blueprint = Blueprint("node_repairs", __name__, url_prefix="/nodes")


@blueprint.post("/<node_id>/resend")
@asks(over(Kind.NODE, "broadcast", "manage_nodes"))
def resend(node_id: str) -> Response:
    with changing() as c:
        node = nodes.get(c.s, node_id)
        remedies.resend(c.s, node=node, by=c.by, now_at=c.now_at)
        name = node.name
    flash(
        _("Đang gửi lại lịch và tệp cho %(name)s. Cụm loa đang kết nối sẽ tải ngay phần còn thiếu.", name=name), "good"
    )
    return _back()


@blueprint.post("/<node_id>/louder")
@asks(over(Kind.NODE, "manage_nodes"))
def louder(node_id: str) -> Response:
    with changing() as c:
        node = nodes.get(c.s, node_id)
        percent = remedies.louder(
            c.s, node=node, by=c.by, now_at=c.now_at, at=sent_instant(request.form.get("at", ""), field="at")
        )
        name = node.name
    flash(_("%(name)s được phát to đến %(percent)s%%.", name=name, percent=percent), "good")
    return _back()


def _back() -> Response:
    return redirect(local_path(request.form.get("next")) if request.form.get("next") else url_for("home.show"))
