"""Các xã: who is below, and the code by which each joins."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import LoaError
from broadcaster.station.people.roles import may
from broadcaster.station.province import communes
from web.exchange.identity import exchange_code
from web.security.access import READING, asks, over_commune
from web.shell.failures import status_of
from web.shell.request_context import changing, reading
from web.translations.languages import gettext as _

blueprint = Blueprint("province_communes", __name__, url_prefix="/province/communes")


@blueprint.get("")
@asks(READING)
def listing() -> str:
    return _page()


@blueprint.post("")
@asks(over_commune("manage_people"))
def add() -> Response | str:
    form = request.form
    try:
        with changing() as c:
            commune, secret = communes.add(
                c.s, name=form.get("name", ""), station=form.get("station", ""), by=c.by, now_at=c.now_at
            )
            name = commune.name
    except LoaError as error:
        return make_response(_page(error), status_of(error))
    return _page(secret=secret, code_of=name)  # the code is shown this once, and stands in no address


@blueprint.post("/<commune_id>/renew")
@asks(over_commune("manage_people"))
def renew(commune_id: str) -> str:
    with changing() as c:
        commune = communes.get(c.s, commune_id)
        secret, name = communes.renew(c.s, commune=commune, by=c.by, now_at=c.now_at), commune.name
    return _page(secret=secret, code_of=name)


@blueprint.post("/<commune_id>/close")
@asks(over_commune("manage_people"))
def close(commune_id: str) -> Response:
    with changing() as c:
        communes.close(c.s, commune=communes.get(c.s, commune_id), by=c.by, now_at=c.now_at)
    flash(_("Đã bỏ xã khỏi danh sách. Những gì xã đã báo cáo vẫn còn."), "good")
    return redirect(url_for(".listing"))


@blueprint.post("/<commune_id>/seen")
@asks(over_commune("manage_people"))
def seen(commune_id: str) -> Response:
    with changing() as c:
        communes.settle_return(c.s, commune=communes.get(c.s, commune_id), by=c.by, now_at=c.now_at)
    return redirect(url_for(".listing"))


def _page(error: LoaError | None = None, *, secret: str = "", code_of: str = "") -> str:
    with reading() as c:
        return render_template(
            "province/communes.html",
            communes=communes.listing(c.s),
            administers=may(c.s, c.by, "manage_people", None),
            code=str(exchange_code(secret)) if secret else "",
            code_of=code_of,
            form=request.form,
            error=error,
        )
