"""Taking a node into service: a form, then a code to carry to it, shown once and fit to be printed."""

import segno
from flask import Blueprint, make_response, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from broadcaster.delivery.enrolment import handover
from broadcaster.delivery.enrolment.offers import LIFE
from broadcaster.errors import LoaError
from broadcaster.station.nodes import nodes
from broadcaster.station.schema import Node
from broadcaster.station.units import units
from web.security.access import Kind, asks, over, over_named, somewhere
from web.shell.failures import status_of
from web.shell.request_context import Context, changing, reading
from web.shell.services import services

blueprint = Blueprint("enrolments", __name__, url_prefix="/nodes")

AT_HOME = ("127.", "localhost", "::1")


@blueprint.get("/new")
@asks(somewhere("manage_nodes"))
def new() -> str:
    return _form()


@blueprint.post("/new")
@asks(over_named("manage_nodes"))
def add() -> Response:
    form = request.form
    try:
        with changing() as c:
            node, password = nodes.add_node(
                c.s,
                name=form.get("name", ""),
                unit_id=form.get("unit_id", ""),
                by=c.by,
                now_at=c.now_at,
                weak_link=bool(form.get("weak_link")),
                place=form.get("place", ""),
            )
            return _sheet(c, node, password)
    except LoaError as error:
        return make_response(_form(error), status_of(error))


@blueprint.post("/<node_id>/code")
@asks(over(Kind.NODE, "manage_nodes"))
def renew(node_id: str) -> Response:
    """A new code with a new password; the machine that holds the old one is locked out."""
    with changing() as c:
        node = nodes.get(c.s, node_id)
        password = nodes.new_password(c.s, node=node, by=c.by, now_at=c.now_at)
        return _sheet(c, node, password)


def _form(error: LoaError | None = None) -> str:
    with reading() as c:
        return render_template("nodes/new.html", tree=units.tree(c.s), form=request.form, error=error)


def _sheet(c: Context, node: Node, password: str) -> Response:
    code = handover.code(c.s, services().config, node=node, password=password, now_at=c.now_at)
    drawing = segno.make_qr(str(code)).svg_inline(border=4, omitsize=True, dark="#000", light="#fff")
    page = render_template(
        "nodes/code.html",
        node=node,
        code=str(code),
        drawing=Markup(drawing),  # noqa: S704 - made by segno of a code of our own
        until_at=c.now_at + LIFE,
        at_home=code.host.startswith(AT_HOME),
    )
    return make_response(page)
