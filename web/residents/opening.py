"""Trang cho bà con, as the commune looks after it: open or closed, its addresses, sheets with codes for the nodes."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.station.nodes import nodes
from broadcaster.station.records import residents
from broadcaster.station.schema import Node, Unit
from broadcaster.station.units import units
from broadcaster.station.vocabulary.states import UnitKind
from web.drawing import qr_codes
from web.residents.pages import absolute
from web.security.access import READING, asks, over_commune
from web.shell.hosts import opens_only_here
from web.shell.request_context import changing, reading
from web.translations.languages import gettext as _

blueprint = Blueprint("public_page", __name__, url_prefix="/public-page")


@dataclass(frozen=True, slots=True)
class NodeSheet:
    """One sheet of paper.

    unit: None for the whole commune; node: when it hangs at one; address: behind the code; code: its drawing.
    """

    unit: Unit | None
    address: str
    code: str = ""
    node: Node | None = None


@blueprint.get("")
@asks(READING)
def show() -> str:
    with reading() as c:
        sheets = [_sheet(unit) for unit in [None, *_hamlets(units.tree(c.s))]]
        unreachable = opens_only_here(sheets[0].address)
        is_open = residents.is_open(c.s)
    return render_template("residents/opening.html", sheets=sheets, is_open=is_open, unreachable=unreachable)


@blueprint.post("")
@asks(over_commune("manage_people"))
def switch() -> Response:
    on = request.form.get("on") == "1"
    with changing() as c:
        residents.switch(c.s, on=on, by=c.by, now_at=c.now_at)
    flash(_("Đã mở trang cho bà con.") if on else _("Đã đóng trang cho bà con."), "good")
    return redirect(url_for(".show"))


@blueprint.get("/sheets")
@asks(READING)
def sheets() -> str:
    """Printed: one page for each chosen unit, all when none is chosen; or for one node, or for every node."""
    chosen, node_id = request.args.get("unit", ""), request.args.get("node", "")
    with reading() as c:
        hamlets = _hamlets(units.tree(c.s))
        commune = residents.commune(c.s)
        known = nodes.listing(c.s) if node_id or request.args.get("kind") == "nodes" else []
    named: list[Unit | None] = [unit for unit in hamlets if unit.id == chosen]
    wanted = named or ([None] if chosen else [None, *hamlets])
    if known:
        drawn = [_node_sheet(each) for each in known if node_id in ("", each.id)]
    else:
        drawn = [_sheet(unit, drawn=True) for unit in wanted]
    unreachable = any(opens_only_here(each.address) for each in drawn)
    return render_template("residents/sheets.html", sheets=drawn, commune=commune, unreachable=unreachable)


def _sheet(unit: Unit | None, *, drawn: bool = False) -> NodeSheet:
    path = url_for("residents.hamlet", unit_id=unit.id) if unit else url_for("residents.commune")
    address = absolute(path)
    return NodeSheet(unit, address, qr_codes.inline(qr_codes.of_address(address)) if drawn else "")


def _node_sheet(node: Node) -> NodeSheet:
    """Behind its code residents say what is wrong with exactly this node."""
    address = absolute(url_for("resident_feedback.form", node_id=node.id))
    return NodeSheet(node.unit, address, qr_codes.inline(qr_codes.of_address(address)), node)


def _hamlets(tree: list[Unit]) -> list[Unit]:
    return [unit for unit in tree if unit.kind is UnitKind.HAMLET]
