"""Sao lưu: what there is, what is missing, and the sheet with the recovery key."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from broadcaster.backups import acts
from broadcaster.errors import LoaError
from web.drawing import qr_codes
from web.security.access import asks, over_commune
from web.security.protection import limiter
from web.shell.failures import status_of
from web.shell.request_context import changing, reading
from web.shell.services import services
from web.translations.languages import gettext as _

blueprint = Blueprint("backups", __name__, url_prefix="/backups")


@blueprint.get("")
@asks(over_commune("manage_people"))
def show() -> str:
    return _page()


@blueprint.post("")
@asks(over_commune("manage_people"))
@limiter.limit("6/minute")
def ask() -> Response:
    with changing() as c:
        acts.ask(c.s, services().config, by=c.by, now_at=c.now_at)
    flash(_("Đài bắt đầu sao lưu trong vòng một phút. Tải lại trang này để xem kết quả."), "good")
    return redirect(url_for(".show"))


@blueprint.post("/key")
@asks(over_commune("manage_people"))
@limiter.limit("6/minute")
def print_key() -> str:
    """The sheet itself: no page that could be asked for again has the key."""
    with changing() as c:
        printed = acts.print_key(c.s, services().config, by=c.by, now_at=c.now_at)
    drawing = Markup(qr_codes.inline(qr_codes.of_secret(printed.secret)))  # noqa: S704 - drawn here
    return render_template("backups/sheet.html", printed=printed, drawing=drawing, now_at=services().clock())


@blueprint.post("/key/confirm")
@asks(over_commune("manage_people"))
@limiter.limit("20/minute")
def confirm_key() -> Response:
    try:
        with changing() as c:
            acts.confirm_key(c.s, services().config, code=request.form.get("code", ""), by=c.by, now_at=c.now_at)
    except LoaError as error:
        return make_response(_page(error), status_of(error))
    flash(_("Từ nay bản sao lưu được niêm phong bằng khóa này. Hãy cất tờ giấy xa máy chủ."), "good")
    return redirect(url_for(".show"))


def _page(error: LoaError | None = None) -> str:
    config = services().config
    with reading() as c:
        found = acts.overview(c.s, config, by=c.by)
        old = found.state is not None and found.state.is_old(c.now_at)
    return render_template("backups/show.html", found=found, old=old, settings=config.backup, error=error)
