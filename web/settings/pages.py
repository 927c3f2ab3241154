"""Cài đặt: the commune's standing choices on one page."""

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from broadcaster.errors import LoaError
from broadcaster.station.copies import second_copy
from broadcaster.station.live import choices
from broadcaster.station.records import residents
from broadcaster.station.rules import commune_rules, emergency_rules
from broadcaster.station.rules.commune_rules import CommuneRules
from web.forms import parsing, quiet_hour_rows
from web.security.access import asks, over_commune
from web.shell.failures import status_of
from web.shell.request_context import Context, changing, reading
from web.shell.services import services
from web.translations.languages import gettext as _

blueprint = Blueprint("settings", __name__, url_prefix="/settings")

WORDS = ("station_name", "contact_phone", "greeting_opening", "closing_words")
TICKED = ("second_factor_required", "second_factor_approvers")
NUMBERS = {
    name: int(getattr(CommuneRules(), name)) for name in CommuneRules.__annotations__ if name.startswith("default_")
}
NUMBERS["monthly_megabytes"] = 0
"""What an empty field means."""


@blueprint.get("")
@asks(over_commune("manage_people"))
def show() -> str:
    with reading() as c:
        return _page(c)


@blueprint.post("")
@asks(over_commune("manage_people"))
def save() -> Response:
    try:
        wanted = _typed()
        with changing() as c:
            commune_rules.change(c.s, wanted=wanted, by=c.by, now_at=c.now_at)
    except LoaError as error:
        return _again(error)
    flash(_("Đã lưu cài đặt. Cụm loa đang kết nối nhận ngay."), "good")
    return redirect(url_for(".show"))


@blueprint.get("/take-over")
@asks(over_commune("manage_people"))
def take_over_page() -> str:
    """What it means, and the button."""
    with reading() as c:
        return render_template("settings/take_over.html", reason=second_copy.reason(c.s))


@blueprint.post("/take-over")
@asks(over_commune("manage_people"))
def take_over() -> Response:
    """From now on the nodes obey this machine alone."""
    with changing() as c:
        second_copy.take_over(c.s, by=c.by, now_at=c.now_at)
    flash(_("Máy này đã tiếp quản đài. Cụm loa đang kết nối nghe máy này trong vài giây."), "good")
    return redirect(url_for("home.show"))


@blueprint.post("/emergency")
@asks(over_commune("manage_people"))
def choose() -> Response:
    try:
        minutes = parsing.number_or(
            request.form.get("confirm_minutes", ""), field="confirm_minutes", empty=emergency_rules.CONFIRM_MINUTES
        )
        with changing() as c:
            mode = request.form.get("mode", "")
            emergency_rules.choose(c.s, chosen=mode, minutes=minutes, by=c.by, now_at=c.now_at)
    except LoaError as error:
        return _again(error)
    flash(_("Đã lưu cách ra lệnh khẩn cấp."), "good")
    return redirect(url_for(".show"))


def _typed() -> CommuneRules:
    form = request.form
    plain: dict[str, Any] = {name: form.get(name, "") for name in WORDS}
    plain |= {name: parsing.number_or(form.get(name, ""), field=name, empty=empty) for name, empty in NUMBERS.items()}
    plain |= {name: bool(form.get(name)) for name in TICKED}
    return CommuneRules(
        **plain,
        quiet_hours=quiet_hour_rows.typed(form),
    )


def _again(error: LoaError) -> Response:
    with reading() as c:
        return make_response(_page(c, error), status_of(error))


def _page(c: Context, error: LoaError | None = None) -> str:
    form = request.form if error and request.endpoint == "settings.save" else _shown(commune_rules.read(c.s))
    return render_template(
        "settings/show.html",
        form=form,
        quiet=quiet_hour_rows.shown(form),
        mode=emergency_rules.mode(c.s).value,
        confirm_minutes=emergency_rules.confirm_minutes(c.s),
        live_second_person=choices.wants_second_person(c.s),
        live_longest=choices.longest_minutes(c.s),
        live_offered=choices.is_offered(c.s),
        public=residents.is_open(c.s),
        config=services().config,
        error=error,
    )


def _shown(rules: CommuneRules) -> MultiDict[str, str]:
    plain = {name: str(getattr(rules, name)) for name in (*WORDS, *NUMBERS)}
    plain |= {name: "1" if getattr(rules, name) else "" for name in TICKED}
    return MultiDict([*plain.items(), *quiet_hour_rows.fields(rules.quiet_hours)])
