"""A rule over a gauge: written, changed, allowed by two people, tested, ended."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from broadcaster.errors import LoaError
from broadcaster.station.announcements import announcements
from broadcaster.station.crossings import exercises
from broadcaster.station.gauges import allowances, allowing, gauges, rules
from broadcaster.station.gauges.rules import RuleWish
from broadcaster.station.schema import Announcement, GaugeRuleRow
from broadcaster.station.vocabulary.gauges import GaugeAction
from web.forms.parsing import decimal, number_or
from web.security.access import asks, over_commune
from web.shell.failures import status_of
from web.shell.request_context import changing, reading
from web.shell.words import word
from web.translations.languages import gettext as _

blueprint = Blueprint("gauge_rules", __name__, url_prefix="/gauges/rules")


@blueprint.get("/new")
@asks(over_commune("emergency"))
def form() -> str:
    return _page(None)


@blueprint.post("")
@asks(over_commune("emergency"))
def add() -> Response:
    try:
        wish = _wish()
        with changing() as c:
            rules.add(c.s, gauges.get(c.s, request.form.get("gauge", "")), wish, by=c.by, now_at=c.now_at)
    except LoaError as error:
        return make_response(_page(None, error), status_of(error))
    return _saved(wish)


@blueprint.get("/<rule_id>")
@asks(over_commune("emergency"))
def edit(rule_id: str) -> str:
    return _page(rule_id)


@blueprint.post("/<rule_id>")
@asks(over_commune("emergency"))
def change(rule_id: str) -> Response:
    try:
        wish = _wish()
        with changing() as c:
            rules.change(c.s, rules.get(c.s, rule_id), wish, by=c.by, now_at=c.now_at)
    except LoaError as error:
        return make_response(_page(rule_id, error), status_of(error))
    return _saved(wish)


@blueprint.post("/<rule_id>/close")
@asks(over_commune("emergency"))
def close(rule_id: str) -> Response:
    with changing() as c:
        rules.close(c.s, rules.get(c.s, rule_id), by=c.by, now_at=c.now_at)
    flash(_("Đã bỏ quy tắc."), "good")
    return redirect(url_for("gauges.listing"))


@blueprint.post("/<rule_id>/allow")
@asks(over_commune("approve"))
def allow(rule_id: str) -> Response:
    with changing() as c:
        heard = request.form.get("seal", "")
        allowing.ask(c.s, rule=rules.get(c.s, rule_id), heard=heard, by=c.by, now_at=c.now_at)
    flash(_("Đã đề nghị. Chưa có gì được tự phát cho đến khi một người khác cũng đồng ý."), "warn")
    return redirect(url_for("gauges.listing"))


@blueprint.post("/allowances/<gauge_allowance_id>/confirm")
@asks(over_commune("approve"))
def confirm(gauge_allowance_id: str) -> Response:
    with changing() as c:
        found = allowances.get(c.s, gauge_allowance_id)
        allowing.confirm(c.s, allowance=found, heard=request.form.get("seal", ""), by=c.by, now_at=c.now_at)
    flash(_("Từ nay loa tự phát lời này khi trạm đo vượt ngưỡng, kể cả khi mất liên lạc với đài."), "good")
    return redirect(url_for("gauges.listing"))


@blueprint.post("/allowances/<gauge_allowance_id>/end")
@asks(over_commune("emergency"))
def end(gauge_allowance_id: str) -> Response:
    with changing() as c:
        allowing.end(c.s, allowance=allowances.get(c.s, gauge_allowance_id), by=c.by, now_at=c.now_at)
    flash(_("Từ nay quy tắc này không tự phát nữa."), "good")
    return redirect(url_for("gauges.listing"))


@blueprint.post("/<rule_id>/test")
@asks(over_commune("emergency"))
def test(rule_id: str) -> Response:
    with changing() as c:
        exercises.sound_now(
            c.s, rules.get(c.s, rule_id), key=request.form.get("key", ""), by=c.by, now_at=c.now_at
        )  # fmt: skip
    flash(_("Đang phát thử. Lời phát nói rõ đây là diễn tập."), "good")
    return redirect(url_for("gauges.listing"))


def _saved(wish: RuleWish) -> Response:
    if wish.does == GaugeAction.SPEAK:
        flash(_("Đã lưu. Quy tắc chưa tự phát: hai người phải nghe và đồng ý đúng lời này."), "warn")
    else:
        flash(_("Đã lưu quy tắc."), "good")
    return redirect(url_for("gauges.listing"))


def _wish() -> RuleWish:
    given = request.form
    partner = given.get("partner", "")
    return RuleWish(
        name=given.get("name", ""),
        does=given.get("does", ""),
        level=decimal(given.get("level", ""), field="level"),
        ends=decimal(given.get("ends", ""), field="ends"),
        falling=given.get("falling") == "1",
        in_row=number_or(given.get("in_row", ""), field="in_row", empty=3),
        lasting_seconds=60 * number_or(given.get("lasting_minutes", ""), field="lasting_minutes", empty=0),
        rest_seconds=60 * number_or(given.get("rest_minutes", ""), field="rest_minutes", empty=60),
        partner_id=partner,
        partner_level=decimal(given.get("partner_level", ""), field="partner_level") if partner else None,
        announcement_id=given.get("announcement", ""),
    )


def _page(rule_id: str | None, error: LoaError | None = None) -> str:
    with reading() as c:
        rule = rules.get(c.s, rule_id) if rule_id else None
        return render_template(
            "gauges/rule.html",
            rule=rule,
            form=request.form if request.method == "POST" else _typed(rule),
            gauge_options=[(each.id, each.name) for each in gauges.listing(c.s)],
            warning_options=[("", "–"), *((each.id, each.title) for each in _warnings(c.s))],
            action_options=[(each.value, str(word("gauge_action", each.value))) for each in GaugeAction],
            error=error,
        )


def _typed(rule: GaugeRuleRow | None) -> dict[str, object]:
    """What stands in the fields before anybody types."""
    if rule is None:
        return {"in_row": 3, "lasting_minutes": 0, "rest_minutes": 60, "gauge": request.args.get("gauge", "")}
    return {
        "gauge": rule.gauge_id,
        "name": rule.name,
        "does": rule.does.value,
        "level": f"{rule.level:g}",
        "ends": f"{rule.ends:g}",
        "falling": "1" if rule.falling else "",
        "in_row": rule.in_row,
        "lasting_minutes": rule.lasting_seconds // 60,
        "rest_minutes": rule.rest_seconds // 60,
        "partner": rule.partner_id or "",
        "partner_level": f"{rule.partner_level:g}" if rule.partner_level is not None else "",
        "announcement": rule.announcement_id or "",
    }


def _warnings(s: Session) -> list[Announcement]:
    """Texts that a rule can say."""
    return [each for each in announcements.emergencies(s, most=100) if not each.drill]
