"""Taking up an invitation: the link opens a page to set a password of one's own."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import Invalid, LoaError, NotFound
from broadcaster.station.people import invitations
from web.security.access import ANYBODY, asks
from web.security.protection import limiter
from web.shell.failures import status_of
from web.shell.services import services
from web.translations.languages import gettext as _

blueprint = Blueprint("invitations", __name__, url_prefix="/invitation/<token>")


@blueprint.get("")
@limiter.limit("30/minute")
@asks(ANYBODY)
def show(token: str) -> Response:
    return _page(token)


@blueprint.post("")
@limiter.limit("10/minute")
@asks(ANYBODY)
def accept(token: str) -> Response:
    form = request.form
    try:
        if form.get("password") != form.get("password_again"):
            raise Invalid("invitation.passwords_differ", field="password_again")
        with services().database.session() as s:
            invitations.accept(s, token=token, password=form.get("password", ""), now_at=services().clock())
    except LoaError as error:
        return _page(token, error)
    flash(_("Đã đặt mật khẩu. Hãy đăng nhập."), "good")
    return redirect(url_for("people.login"))


def _page(token: str, error: LoaError | None = None) -> Response:
    person = None
    with services().database.reading() as s:
        try:
            person = invitations.invited(s, token, now_at=services().clock())
        except NotFound as refusal:
            error = refusal
    page = render_template("account/invitation.html", person=person, token=token, error=error)
    return make_response(page, status_of(error) if error else 200)
