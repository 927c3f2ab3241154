"""Trạm đo: the gauges with their last readings, the rules over them, and what two people allow these to speak."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import LoaError
from broadcaster.station.crossings import exercises
from broadcaster.station.gauges import allowances, gauges, readings, rules
from broadcaster.station.gauges.gauges import GaugeWish
from broadcaster.station.nodes import nodes
from broadcaster.station.people.roles import may
from broadcaster.station.schema import new_id
from broadcaster.station.units import units
from broadcaster.station.vocabulary.gauges import GaugeMeasure
from web.forms.parsing import decimal, number_or
from web.security.access import READING, asks, over_commune
from web.shell.failures import status_of
from web.shell.request_context import Context, changing, reading
from web.shell.words import word
from web.translations.languages import gettext as _

blueprint = Blueprint("gauges", __name__, url_prefix="/gauges")


@blueprint.get("")
@asks(READING)
def listing() -> str:
    return _page()


@blueprint.post("")
@asks(over_commune("manage_nodes"))
def add() -> str | Response:
    try:
        wish = _wish()
        with changing() as c:
            made, token = gauges.add(c.s, wish, by=c.by, now_at=c.now_at)
            shown = {"name": made.name, "id": made.id, "token": token}
    except LoaError as error:
        return make_response(_page(error), status_of(error))
    if not token:
        flash(_("Đã thêm trạm đo."), "good")
        return redirect(url_for(".listing"))
    return _page(shown=shown)  # the token is shown this once, and stands in no address


@blueprint.post("/<gauge_id>/token")
@asks(over_commune("manage_nodes"))
def renew(gauge_id: str) -> str:
    with changing() as c:
        gauge = gauges.get(c.s, gauge_id)
        token = gauges.renew_token(c.s, gauge=gauge, by=c.by, now_at=c.now_at)
        shown = {"name": gauge.name, "id": gauge.id, "token": token}
    return _page(shown=shown)


@blueprint.post("/<gauge_id>/close")
@asks(over_commune("manage_nodes"))
def close(gauge_id: str) -> Response:
    with changing() as c:
        gauges.close(c.s, gauge=gauges.get(c.s, gauge_id), by=c.by, now_at=c.now_at)
    flash(_("Đã bỏ trạm đo cùng các quy tắc của nó."), "good")
    return redirect(url_for(".listing"))


@blueprint.get("/<gauge_id>")
@asks(READING)
def show(gauge_id: str) -> str:
    with reading() as c:
        gauge = gauges.get(c.s, gauge_id)
        return render_template("gauges/show.html", gauge=gauge, readings=readings.recent(c.s, gauge, most=200))


def _wish() -> GaugeWish:
    form = request.form
    return GaugeWish(
        name=form.get("name", ""),
        unit_id=form.get("unit", ""),
        measure=form.get("measure", ""),
        physical_unit=form.get("physical_unit", ""),
        lowest=decimal(form.get("lowest", ""), field="lowest"),
        highest=decimal(form.get("highest", ""), field="highest"),
        node_id=form.get("node", ""),
        silent_minutes=number_or(form.get("silent_minutes", ""), field="silent_minutes", empty=60),
    )


def _page(error: LoaError | None = None, *, shown: dict[str, str] | None = None) -> str:
    with reading() as c:
        return render_template(
            "gauges/list.html",
            gauges=[(each, gauges.is_silent(each, now_at=c.now_at)) for each in gauges.listing(c.s)],
            rules=_rules(c),
            measure_options=[(each.value, str(word("gauge_measure", each.value))) for each in GaugeMeasure],
            unit_options=[(each.id, each.name) for each in units.tree(c.s)],
            node_options=[("", _("Trạm tự gửi")), *((each.id, each.name) for each in nodes.listing(c.s))],
            manages=may(c.s, c.by, "manage_nodes", None),
            orders=may(c.s, c.by, "emergency", None),
            shown=shown,
            error=error,
            form=request.form,
        )


def _rules(c: Context) -> list[dict[str, object]]:
    """Each rule with what was allowed of it and what its test is called."""
    return [
        {
            "rule": each,
            "allowed": allowances.listing(c.s, each),
            "in_force": allowances.in_force(c.s, each, now_at=c.now_at),
            "seal": allowances.seal(each),
            "ready": allowances.is_ready(each),
            "sounded_at": exercises.sounded_at(c.s, each),
            "key": new_id(),
        }
        for each in rules.listing(c.s)
    ]
