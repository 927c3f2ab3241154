"""Tài khoản của tôi: one's own password, second factor and open logins."""

import segno
from flask import Blueprint, flash, make_response, redirect, render_template, request, session, url_for
from flask_login import logout_user  # type: ignore[import-untyped]
from markupsafe import Markup
from werkzeug.wrappers import Response

from broadcaster.errors import Invalid, LoaError, NotAllowed
from broadcaster.refusals import reasons
from broadcaster.station.people import people, roles, second_factor, tokens, totp
from broadcaster.station.people.roles import Permission
from broadcaster.station.people.second_factor import codes_left
from web.security import device_cookies
from web.security.access import SIGNED_IN, asks
from web.security.protection import limiter
from web.shell.failures import status_of
from web.shell.request_context import Context, changing, reading
from web.shell.services import services
from web.shell.telling import said
from web.translations.languages import gettext as _

blueprint = Blueprint("account", __name__, url_prefix="/account")

FRESH = "fresh_secret"
"""Name in the cookie of a secret that is shown but not yet in force."""


@blueprint.get("")
@asks(SIGNED_IN)
def show() -> str:
    return account_page()


@blueprint.post("/password")
@limiter.limit("10/minute")
@asks(SIGNED_IN)
def set_password() -> Response:
    form = request.form
    try:
        with changing() as c:
            prove(c)
            if form.get("password") != form.get("password_again"):
                raise Invalid("account.passwords_differ", field="password_again")
            people.set_password(c.s, person=c.by, password=form.get("password", ""), by=c.by, now_at=c.now_at)
    except LoaError as error:
        return make_response(account_page(error), status_of(error))
    logout_user()
    flash(_("Đã đổi mật khẩu. Hãy đăng nhập lại bằng mật khẩu mới."), "good")
    return redirect(url_for("people.login"))


@blueprint.post("/sign-out")
@asks(SIGNED_IN)
def sign_out_everywhere() -> Response:
    with changing() as c:
        people.end_sessions(c.s, person=c.by, by=c.by, now_at=c.now_at)
    logout_user()
    flash(_("Đã đăng xuất khỏi mọi máy, cả máy này."), "good")
    return redirect(url_for("people.login"))


@blueprint.get("/second-factor")
@asks(SIGNED_IN)
def second_factor_form() -> str:
    session.setdefault(FRESH, totp.new_secret())
    return _form()


@blueprint.post("/second-factor")
@limiter.limit("10/minute")
@asks(SIGNED_IN)
def second_factor_on() -> Response:
    secret = session.setdefault(FRESH, totp.new_secret())
    try:
        with changing() as c:
            typed = request.form.get("code", "")
            codes = second_factor.enable(c.s, person=c.by, secret=secret, typed=typed, now_at=c.now_at)
    except LoaError as error:
        return make_response(_form(error), status_of(error))
    session.pop(FRESH, None)
    return make_response(render_template("account/recovery.html", codes=codes))


@blueprint.post("/second-factor/off")
@limiter.limit("10/minute")
@asks(SIGNED_IN)
def second_factor_off() -> Response:
    try:
        with changing() as c:
            prove(c)
            second_factor.disable(c.s, person=c.by, by=c.by, now_at=c.now_at)
    except LoaError as error:
        return make_response(account_page(error), status_of(error))
    flash(_("Đã tắt bảo vệ hai lớp."), "good")
    return redirect(url_for(".show"))


@blueprint.post("/second-factor/codes")
@limiter.limit("10/minute")
@asks(SIGNED_IN)
def new_codes() -> Response:
    try:
        with changing() as c:
            prove(c)
            codes = second_factor.new_codes(c.s, person=c.by, now_at=c.now_at)
    except LoaError as error:
        return make_response(account_page(error), status_of(error))
    return make_response(render_template("account/recovery.html", codes=codes))


def prove(c: Context) -> None:
    """Whoever sits at an open screen must also know the password. Raises Invalid(field="current")."""
    try:
        people.authenticate(
            c.s,
            username=c.by.username,
            password=request.form.get("current", ""),
            now_at=c.now_at,
            device=device_cookies.token(),
        )
    except NotAllowed:
        raise Invalid("account.wrong_password", field="current") from None


def account_page(error: LoaError | None = None) -> str:
    with reading() as c:
        return render_template(
            "account/show.html",
            person=c.by,
            visits=people.open_sessions(c.s, person=c.by, now_at=c.now_at),
            codes_left=codes_left(c.s, c.by),
            tokens=[each for each in tokens.listing(c.s, person=c.by) if each.revoked_at is None],
            scopes=[each for each in Permission if roles.may_somewhere(c.by, each)],
            permission_words={each.value: said(reasons.word("permission", each)) for each in Permission},
            owes=second_factor.must_enrol(c.s, c.by),
            now_at=c.now_at,
            error=error,
            asked=request.endpoint,
        )


def _form(error: LoaError | None = None) -> str:
    secret = session[FRESH]
    with reading() as c:
        address = totp.address(secret, account=c.by.username, issuer=services().config.station.name)
        drawing = segno.make_qr(address).svg_inline(border=4, omitsize=True, dark="#000", light="#fff")
        return render_template(
            "account/second_factor.html",
            person=c.by,
            secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
            drawing=Markup(drawing),  # noqa: S704 - made by segno of an address of our own
            error=error,
        )
