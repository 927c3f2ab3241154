"""Nguồn tiếp sóng: the streams an administrator allows, and how each answered last."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import LoaError
from broadcaster.station.relays import sources
from web.security.access import READING, asks, over_commune
from web.shell.failures import status_of
from web.shell.request_context import changing, reading
from web.translations.languages import gettext as _

blueprint = Blueprint("relays", __name__, url_prefix="/relays")


@blueprint.get("")
@asks(READING)
def listing() -> str:
    return _page()


@blueprint.post("")
@asks(over_commune("manage_people"))
def add() -> Response:
    try:
        with changing() as c:
            sources.add(c.s, name=_name(), written=_addresses(), by=c.by, now_at=c.now_at)
    except LoaError as error:
        return make_response(_page(error), status_of(error))
    flash(_("Đã thêm nguồn tiếp sóng."), "good")
    return redirect(url_for(".listing"))


@blueprint.post("/<relay_source_id>/edit")
@asks(over_commune("manage_people"))
def edit(relay_source_id: str) -> Response:
    try:
        with changing() as c:
            source = sources.get(c.s, relay_source_id)
            sources.edit(c.s, source=source, name=_name(), written=_addresses(), by=c.by, now_at=c.now_at)
    except LoaError as error:
        return make_response(_page(error, of=relay_source_id), status_of(error))
    flash(_("Đã lưu. Đổi địa chỉ thì khung giờ nào dùng nguồn này phải duyệt lại."), "good")
    return redirect(url_for(".listing"))


@blueprint.post("/<relay_source_id>/remove")
@asks(over_commune("manage_people"))
def remove(relay_source_id: str) -> Response:
    with changing() as c:
        sources.remove(c.s, source=sources.get(c.s, relay_source_id), by=c.by, now_at=c.now_at)
    flash(_("Đã bỏ nguồn tiếp sóng."), "good")
    return redirect(url_for(".listing"))


def _name() -> str:
    return request.form.get("name", "")


def _addresses() -> list[str]:
    return request.form.get("addresses", "").split()


def _page(error: LoaError | None = None, *, of: str = "") -> str:
    """``of``: the source whose form was wrong; empty: the form of a new one."""
    with reading() as c:
        return render_template("relays/list.html", sources=sources.listing(c.s), form=request.form, error=error, of=of)
