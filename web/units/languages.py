"""Ngôn ngữ: which languages each place listens to, in which order."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.refusals.reasons import word
from broadcaster.station.nodes import languages
from broadcaster.station.nodes.languages import LANGUAGES, MOST
from broadcaster.station.units import units
from web.security.access import READING, Kind, asks, over
from web.shell.request_context import changing, reading
from web.shell.telling import said
from web.translations.languages import gettext as _

blueprint = Blueprint("unit_languages", __name__, url_prefix="/languages")


@blueprint.app_template_filter()
def language_name(code: str) -> str:
    """``tiếng Mông``; a code nobody knows as it is."""
    return said(word("language.name", code)) if code in LANGUAGES else code


@blueprint.app_template_filter()
def first_letter_up(text: str) -> str:
    """``Tiếng Mông``; unlike ``capitalize`` it leaves the other letters alone."""
    return text[:1].upper() + text[1:]


@blueprint.get("")
@asks(READING)
def listing() -> str:
    with reading() as c:
        return render_template(
            "units/languages.html",
            zones=units.zones(c.s),
            names={code: language_name(code) for code in LANGUAGES},
            places=range(1, MOST + 1),
        )


@blueprint.post("/<zone_id>")
@asks(over(Kind.ZONE, "write"))
def choose(zone_id: str) -> Response:
    with changing() as c:
        zone = languages.zone_of(c.s, zone_id)
        chosen = request.form.getlist("languages")
        languages.choose(c.s, zone=zone, languages=chosen, by=c.by, now_at=c.now_at)
        flash(_("Đã lưu cho %(name)s.", name=zone.name), "good")
    return redirect(url_for(".listing", _anchor=zone_id))
