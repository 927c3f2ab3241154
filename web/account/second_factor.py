"""The second step of signing in: a code from the telephone, or from paper."""

from flask import Blueprint, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import LoaError
from broadcaster.station.people import second_factor
from broadcaster.station.schema import Person
from web.security import device_cookies
from web.security.access import ANYBODY, asks
from web.security.protection import limiter
from web.shell.failures import status_of
from web.shell.logins import local_path, sign_in
from web.shell.services import services
from web.translations.languages import gettext as _

blueprint = Blueprint("second_factor", __name__)

HALF = "half"
"""Name in the cookie of who gave the right password and still owes the code."""
PATIENCE_SECONDS = 300


def await_code(person: Person, target: str) -> Response:
    """Remember for five minutes that the password was right, and ask for the code."""
    session[HALF] = [person.id, int(services().clock().timestamp()), local_path(target)]
    return redirect(url_for("second_factor.ask"))


@blueprint.get("/login/code")
@asks(ANYBODY)
def ask() -> str | Response:
    return _page() if _half() else redirect(url_for("people.login"))


@blueprint.post("/login/code")
@limiter.limit("10/minute;60/hour", key_func=device_cookies.known_or_address)
@asks(ANYBODY)
def verify() -> Response:
    half = _half()
    if half is None:
        return redirect(url_for("people.login"))
    person_id, target = half
    error: LoaError | None = None
    with services().database.session() as s:
        # Failed attempts are counted in the database, so the refusal is answered after they are saved.
        person = s.get(Person, person_id)
        if person is None or person.disabled_at is not None:
            session.pop(HALF, None)
            return redirect(url_for("people.login"))
        try:
            second_factor.check(
                s,
                person=person,
                typed=request.form.get("code", ""),
                now_at=services().clock(),
                device=device_cookies.token(),
            )
        except LoaError as refusal:
            error = refusal
        else:
            sign_in(s, person)
    return make_response(_page(error), status_of(error)) if error else redirect(target)


def _page(error: LoaError | None = None) -> str:
    return render_template("account/code.html", error=error, title=_("Mã trên điện thoại"))


def _half() -> tuple[str, str] | None:
    half = session.get(HALF)
    if not half or services().clock().timestamp() - half[1] > PATIENCE_SECONDS:
        return None
    return half[0], half[2]
