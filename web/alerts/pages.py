"""Nguồn cảnh báo: whose warnings are taken in, what came of each, and what may sound without anybody."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.cap.reading import MOST_BYTES
from broadcaster.errors import Invalid, LoaError
from broadcaster.station.alerts import allowances, allowing, intake, lists, proposals, sources
from broadcaster.station.people.roles import may
from broadcaster.station.units import units
from broadcaster.station.vocabulary.states import AlertOutcome
from web.security.access import asks, over_commune
from web.shell.failures import status_of
from web.shell.request_context import changing, reading
from web.translations.languages import gettext as _

blueprint = Blueprint("alerts", __name__, url_prefix="/alerts")


@blueprint.get("")
@asks(over_commune("emergency"))
def listing() -> str:
    return _page()


def _page(error: LoaError | None = None, *, token: str = "", source_name: str = "") -> str:
    with reading() as c:
        known = sources.listing(c.s)
        return render_template(
            "alerts/list.html",
            waiting=proposals.waiting(c.s),
            received=lists.received(c.s),
            sources=known,
            allowed={each.id: allowances.listing(c.s, each) for each in known},
            emergencies=proposals.emergencies(c.s),
            names={zone.id: zone.name for zone in units.zones(c.s)},
            administers=may(c.s, c.by, "manage_people", None),
            token=token,
            source_name=source_name,
            error=error,
            form=request.form,
        )


@blueprint.post("")
@asks(over_commune("manage_people"))
def add() -> str | Response:
    form = request.form
    try:
        with changing() as c:
            made, token = sources.add(
                c.s,
                name=form.get("name", ""),
                url=form.get("url", ""),
                certificate=form.get("certificate", ""),
                by=c.by,
                now_at=c.now_at,
            )
            name = made.name
    except LoaError as error:
        return make_response(_page(error), status_of(error))
    return _page(token=token, source_name=name)  # the token is shown this once, and stands in no address


@blueprint.post("/sources/<source_id>/close")
@asks(over_commune("manage_people"))
def close(source_id: str) -> Response:
    with changing() as c:
        sources.close(c.s, source=sources.get(c.s, source_id), by=c.by, now_at=c.now_at)
    flash(_("Đã bỏ nguồn cảnh báo. Không nhận gì từ nguồn này nữa."), "good")
    return redirect(url_for(".listing"))


@blueprint.post("/sources/<source_id>/upload")
@asks(over_commune("emergency"))
def upload(source_id: str) -> str | Response:
    """A message somebody carried in as a file; its signature counts as ever."""
    given = request.files.get("file")
    document = given.read(MOST_BYTES + 1) if given else b""
    try:
        if not document:
            raise Invalid("alert.no_file", field="file")
        with changing() as c:
            row = intake.take(c.s, source=sources.get(c.s, source_id), document=document, now_at=c.now_at)
            outcome = row.outcome
    except LoaError as error:
        return make_response(_page(error), status_of(error))
    taken = outcome is AlertOutcome.PREPARED
    flash(
        _("Đã nhận cảnh báo và soạn sẵn lệnh phát.") if taken else _("Đã đọc tệp; xem kết quả ở mục “Đã nhận”."),
        "good" if taken else "warn",
    )
    return redirect(url_for(".listing"))


@blueprint.post("/sources/<source_id>/allow")
@asks(over_commune("approve"))
def allow(source_id: str) -> Response:
    with changing() as c:
        drill = request.form.get("drill") == "1"
        allowing.ask(c.s, source=sources.get(c.s, source_id), drill=drill, by=c.by, now_at=c.now_at)
    flash(_("Đã đề nghị. Chưa có gì được tự phát cho đến khi một người khác cũng đồng ý."), "warn")
    return redirect(url_for(".listing"))


@blueprint.post("/allowances/<allowance_id>/confirm")
@asks(over_commune("approve"))
def confirm(allowance_id: str) -> Response:
    with changing() as c:
        allowing.confirm(c.s, allowance=allowances.get(c.s, allowance_id), by=c.by, now_at=c.now_at)
    flash(_("Từ nay cảnh báo khẩn cấp có chữ ký của nguồn này tự phát."), "good")
    return redirect(url_for(".listing"))


@blueprint.post("/allowances/<allowance_id>/end")
@asks(over_commune("emergency"))
def end(allowance_id: str) -> Response:
    with changing() as c:
        allowing.end(c.s, allowance=allowances.get(c.s, allowance_id), by=c.by, now_at=c.now_at)
    flash(_("Từ nay cảnh báo của nguồn này lại chờ người ra lệnh."), "good")
    return redirect(url_for(".listing"))
