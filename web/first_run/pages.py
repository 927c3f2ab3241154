"""Cài đặt lần đầu: a step a page, each the same function that ``loa setup`` calls."""

from collections.abc import Callable

from flask import Blueprint, make_response, redirect, render_template, request, session, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from broadcaster.backups import first_place, recovery_key
from broadcaster.certificates import first_address
from broadcaster.certificates.machine_names import outward_address
from broadcaster.errors import Invalid, LoaError
from broadcaster.station.upkeep import first_notices, first_setup
from broadcaster.station.upkeep.first_setup import FirstLogin, SetupStep
from web.drawing import qr_codes
from web.first_run import certificates, code, notices
from web.security.access import ANYBODY, asks
from web.security.protection import limiter
from web.shell.failures import status_of
from web.shell.services import services

blueprint = Blueprint("first_run", __name__, url_prefix="/setup")
KNOWN = "setup_code_known"
"""Name in the cookie of whoever typed the code."""
_TEMPLATES = {SetupStep.NOTICES: "first_run/notices.html", SetupStep.CERTIFICATES: "first_run/certificates.html"}


@blueprint.before_app_request
def begin_here() -> Response | None:
    """A station nobody can sign in to shows its first steps instead of the login."""
    if request.endpoint != "people.login" or request.method != "GET":
        return None
    with services().database.reading() as s:
        return redirect(url_for("first_run.show")) if first_setup.state(s).open else None


@blueprint.get("")
@asks(ANYBODY)
def show() -> str:
    return _page()


@blueprint.post("/code")
@limiter.limit("10/minute")
@asks(ANYBODY)
def enter() -> Response:
    _require_open()
    if not code.matches(services().config.data_dir, request.form.get("code", "")):
        error = Invalid("setup.code_wrong", field="code")
        return make_response(_page(error), status_of(error))
    session[KNOWN] = True
    return redirect(url_for(".show"))


@blueprint.post("/step/<name>")
@limiter.limit("30/minute")
@asks(ANYBODY)
def take(name: str) -> Response:
    """One step; the page of the next, or this one again with what is wrong."""
    _require_open()
    if not session.get(KNOWN):
        return redirect(url_for(".show"))
    if name not in STEPS:
        return redirect(url_for(".show"))
    try:
        with services().database.session() as s:
            page = STEPS[name](s)
    except LoaError as error:
        return make_response(_page(error), status_of(error))
    return make_response(page) if page else redirect(url_for(".show"))


@blueprint.get("/authority")
@asks(ANYBODY)
def authority() -> Response:
    """The station's root certificate, to be imported before the console speaks https."""
    _require_open()
    if not session.get(KNOWN):
        return redirect(url_for(".show"))
    made = first_address.certify(services().config, services().clock)
    answer = make_response(made.pem)
    answer.headers["Content-Type"] = "application/x-x509-ca-cert"
    answer.headers["Content-Disposition"] = f"attachment; filename={certificates.FILE}"
    return answer


def _commune(s: Session) -> None:
    hamlets = tuple(request.form.get("hamlets", "").replace("\n", ",").split(","))
    first_setup.name_commune(s, name=_typed("commune"), hamlets=hamlets, now_at=services().clock())


def _people(s: Session) -> None:
    logins = {}
    for which in ("administrator", "approver"):
        if _typed(f"{which}_password") != _typed(f"{which}_again"):
            raise Invalid("account.passwords_differ", field=f"{which}_again")
        if not _typed(f"{which}_password"):
            raise Invalid("setup.password_missing", field=f"{which}_password")
        logins[which] = FirstLogin(_typed(which), _typed(f"{which}_login"), _typed(f"{which}_password"))
    administrator, approver = logins["administrator"], logins["approver"]
    first_setup.add_people(s, administrator=administrator, approver=approver, now_at=services().clock())


def _backups(s: Session) -> str | None:
    """Where there is a place there has to be a key on paper."""
    config, place = services().config, _typed("backups")
    first_place.choose(config, place)
    if place and recovery_key.in_force(config.data_dir) is None:
        printed = recovery_key.new(config.data_dir)
        drawing = Markup(qr_codes.inline(qr_codes.of_secret(printed.secret)))  # noqa: S704 - drawn here
        return render_template("first_run/key.html", printed=printed, drawing=drawing)
    first_setup.done(s, SetupStep.BACKUPS)
    return None


def _key(s: Session) -> None:
    recovery_key.confirm(services().config.data_dir, _typed("code"))
    first_setup.done(s, SetupStep.BACKUPS)


def _address(s: Session) -> str:
    """The last one: the console starts anew at the address, encrypted where others reach it."""
    config, address = services().config, _typed("address")
    chosen = first_setup.chosen_certificates(s)
    first_address.choose(config, address, chosen)
    url = first_address.console_url(config, address, chosen)
    first_notices.lead_to(s, url)
    first_setup.done(s, SetupStep.ADDRESS)
    made = first_address.certify(config, services().clock)
    code.forget(config.data_dir)
    session.pop(KNOWN, None)
    return render_template("first_run/done.html", url=url, authority=made, kind=chosen.kind)


STEPS: dict[str, Callable[[Session], str | None]] = {
    "commune": _commune,
    "people": _people,
    "notices": notices.choose,
    "pairing": notices.confirm,
    "again": notices.send_again,
    "unwanted": notices.remove,
    "called": notices.finish,
    "backups": _backups,
    "key": _key,
    "certificates": certificates.choose,
    "address": _address,
}
"""What each form of the pages does; some return a page of their own."""


def _page(error: LoaError | None = None) -> str:
    with services().database.reading() as s:
        first_setup.require_open(s)
        step = first_setup.state(s).next or SetupStep.COMMUNE
        if not session.get(KNOWN):
            return render_template("first_run/code.html", path=code.path(services().config.data_dir), error=error)
        facts = {"number": list(SetupStep).index(step) + 1, "count": len(SetupStep), "suggested": outward_address()}
        facts |= notices.facts(s) if step is SetupStep.NOTICES else {}
        facts |= certificates.facts() if step is SetupStep.CERTIFICATES else {}
        return render_template(
            _TEMPLATES.get(step, "first_run/step.html"), step=step, form=request.form, error=error, **facts
        )


def _require_open() -> None:
    with services().database.reading() as s:
        first_setup.require_open(s)


def _typed(name: str) -> str:
    return request.form.get(name, "").strip()
