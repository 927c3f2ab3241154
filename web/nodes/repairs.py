"""One tap for a pole that is not ready: only what really does something."""

from datetime import datetime

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import Invalid
from broadcaster.station.matters import remedies as pole_remedies
from broadcaster.station.nodes import nodes
from web.shell.logins import local_path
from web.shell.request_context import changing
from web.translations.languages import gettext as _

blueprint = Blueprint("remedies", __name__, url_prefix="/nodes")


@blueprint.post("/<node_id>/resend")
def resend(node_id: str) -> Response:
    with changing() as c:
        node = nodes.get(c.s, node_id)
        pole_remedies.resend(c.s, node=node, by=c.by, now_at=c.now_at)
        name = node.name
    flash(
        _("Đang gửi lại lịch và tệp cho %(name)s. Cụm loa đang kết nối sẽ tải ngay phần còn thiếu.", name=name), "good"
    )
    return _back()


@blueprint.post("/<node_id>/louder")
def louder(node_id: str) -> Response:
    with changing() as c:
        node = nodes.get(c.s, node_id)
        percent = pole_remedies.louder(c.s, node=node, by=c.by, now_at=c.now_at, at=_hour())
        name = node.name
    flash(_("%(name)s được phát to đến %(percent)s%%.", name=name, percent=percent), "good")
    return _back()


def _hour() -> datetime | None:
    """The instant whose hour is meant. Raises Invalid."""
    text = request.form.get("at", "")
    try:
        at = datetime.fromisoformat(text) if text else None
    except ValueError:
        at = None
    if text and (at is None or at.tzinfo is None):
        raise Invalid("Thời điểm không đúng. Hãy tải lại trang.", field="at")
    return at


def _back() -> Response:
    return redirect(local_path(request.form.get("next")) if request.form.get("next") else url_for("home.show"))
