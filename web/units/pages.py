"""The commune and its hamlets: their names, old and new, and where they lie."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import LoaError
from broadcaster.station.nodes import nodes
from broadcaster.station.people.roles import require
from broadcaster.station.schema import Unit
from broadcaster.station.units import settings as unit_settings
from broadcaster.station.units import units
from broadcaster.station.vocabulary.names import bare
from broadcaster.station.vocabulary.pages import SIZE, Page
from broadcaster.station.vocabulary.states import UnitKind
from web.forms.query_arguments import asked_page, asked_words
from web.security.access import READING, Kind, asks, over, over_commune, over_named
from web.shell.failures import status_of
from web.shell.request_context import changing, reading
from web.translations.languages import gettext as _
from web.units.form import from_unit, unit_typed

blueprint = Blueprint("units", __name__, url_prefix="/hamlets")


@blueprint.get("")
@asks(READING)
def listing() -> str:
    with reading() as c:
        counted: dict[str, int] = {}
        for node in nodes.listing(c.s):
            counted[node.unit_id] = counted.get(node.unit_id, 0) + 1
        order, words = asked_words("order"), bare(asked_words()).split()
        fitting = [unit for unit in units.tree(c.s) if all(word in _said_of(unit) for word in words)]
        if order == "nodes":
            fitting.sort(key=lambda unit: -counted.get(unit.id, 0))
        number = asked_page()
        found = Page(fitting[(number - 1) * SIZE : number * SIZE], len(fitting), number, SIZE)
        return render_template("units/list.html", found=found, nodes=counted, query=asked_words(), order=order)


def _said_of(unit: Unit) -> str:
    """Everything a unit may be looked for by."""
    return bare(" | ".join((unit.name, *unit.aliases)))


@blueprint.get("/new")
@asks(over_commune("manage_nodes"))
def new() -> str:
    return _new_page()


@blueprint.post("")
@asks(over_named("manage_nodes"))
def add() -> Response:
    try:
        wanted = unit_typed()
        with changing() as c:
            parent_id = request.form.get("parent_id", "")
            unit = units.add_unit(
                c.s, name=wanted.name, kind=UnitKind.HAMLET, parent_id=parent_id, by=c.by, now_at=c.now_at
            )
            unit_settings.change(c.s, unit=unit, wanted=wanted, by=c.by, now_at=c.now_at)
    except LoaError as error:
        return make_response(_new_page(error), status_of(error))
    flash(_("Đã thêm %(name)s.", name=wanted.name), "good")
    return redirect(url_for(".listing"))


@blueprint.get("/<unit_id>")
@asks(over(Kind.UNIT, "manage_nodes"))
def edit(unit_id: str) -> str:
    return _page(unit_id)


@blueprint.post("/<unit_id>")
@asks(over(Kind.UNIT, "manage_nodes"))
def save(unit_id: str) -> Response:
    try:
        wanted = unit_typed()
        with changing() as c:
            unit_settings.change(c.s, unit=units.get(c.s, unit_id), wanted=wanted, by=c.by, now_at=c.now_at)
    except LoaError as error:
        return make_response(_page(unit_id, error), status_of(error))
    flash(_("Đã lưu. Tên cũ vẫn tìm được."), "good")
    return redirect(url_for(".listing"))


def _new_page(error: LoaError | None = None) -> str:
    with reading() as c:
        parents = [unit for unit in units.tree(c.s) if unit.kind is UnitKind.COMMUNE]
        return render_template("units/form.html", unit=None, parents=parents, form=request.form, error=error)


def _page(unit_id: str, error: LoaError | None = None) -> str:
    with reading() as c:
        unit = units.get(c.s, unit_id)
        require(c.s, c.by, "manage_nodes", unit.id)
        form = request.form if error else from_unit(unit)
        return render_template("units/form.html", unit=unit, parents=[], form=form, error=error)
