"""Priority announcements that collide: the commune says which goes first."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler import collisions
from web.security.access import asks, over_named, somewhere
from web.shell.request_context import changing, reading
from web.translations.languages import gettext as _

blueprint = Blueprint("collisions", __name__, url_prefix="/collisions")


@blueprint.get("")
@asks(somewhere("schedule"))
def listing() -> str:
    with reading() as c:
        found = collisions.collisions(c.s, now_at=c.now_at)
        nodes = {one.node_id: one.node.name for each in found for two in each.broadcasts for one in two.deliveries}
        return render_template("collisions/list.html", collisions=found, nodes=nodes)


@blueprint.post("")
@asks(over_named("schedule"))
def decide() -> Response:
    """The chosen one goes first; the others stay as they stand on the page."""
    first = request.form.get("first", "")
    ordered = sorted(request.form.getlist("broadcasts"), key=lambda each: each != first)
    with changing() as c:
        collisions.decide(c.s, ordered, by=c.by, now_at=c.now_at)
    flash(_("Đã xếp thứ tự. Bản phát sau chờ bản phát trước xong."), "good")
    return redirect(url_for(".listing"))
