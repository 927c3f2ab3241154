"""Keys of one's own programs: what each may be used for, until when, when it was last used; made and revoked here."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import LoaError, NotFound
from broadcaster.station.people import tokens
from web.account.pages import account_page, prove
from web.forms import parsing
from web.security.access import SIGNED_IN, asks
from web.security.protection import limiter
from web.shell.failures import status_of
from web.shell.request_context import changing
from web.translations.languages import gettext as _

blueprint = Blueprint("account_tokens", __name__, url_prefix="/account/tokens")
USUAL_DAYS = 90


@blueprint.post("")
@limiter.limit("10/minute")
@asks(SIGNED_IN)
def add() -> Response:
    """The token is shown in this answer alone."""
    form = request.form
    try:
        days = parsing.number_or(form.get("days", ""), field="days", empty=USUAL_DAYS)
        with changing() as c:
            prove(c)
            scopes = form.getlist("scopes")
            made = tokens.add_token(
                c.s, person=c.by, name=form.get("name", ""), now_at=c.now_at, days=days, scopes=scopes
            )
    except LoaError as error:
        return make_response(account_page(error), status_of(error))
    return make_response(render_template("account/token.html", token=made, name=form.get("name", "")))


@blueprint.post("/<token_id>/revoke")
@asks(SIGNED_IN)
def revoke(token_id: str) -> Response:
    with changing() as c:
        if token_id not in {each.id for each in tokens.listing(c.s, person=c.by)}:
            raise NotFound("token.not_found")
        tokens.revoke_token(c.s, token_id=token_id, by=c.by, now_at=c.now_at)
    flash(_("Đã thu hồi mã truy cập."), "good")
    return redirect(url_for("account.show"))
