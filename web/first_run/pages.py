"""Cài đặt lần đầu: a step a page, each the same function that ``loa setup`` calls."""

from flask import Blueprint, make_response, redirect, render_template, request, session, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from broadcaster.backups import first_place, recovery_key
from broadcaster.certificates import first_address
from broadcaster.certificates.machine_names import outward_address
from broadcaster.errors import Invalid, LoaError
from broadcaster.station.upkeep import first_setup
from broadcaster.station.upkeep.first_setup import FirstLogin, SetupStep
from web.drawing import qr_codes
from web.first_run import code
from web.security.access import ANYBODY, asks
from web.security.protection import limiter
from web.shell.failures import status_of
from web.shell.services import services

blueprint = Blueprint("first_run", __name__, url_prefix="/setup")
KNOWN = "setup_code_known"
"""Name in the cookie of whoever typed the code."""


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
    steps = {"commune": _commune, "people": _people, "backups": _backups, "key": _key, "address": _address}
    if name not in steps:
        return redirect(url_for(".show"))
    try:
        with services().database.session() as s:
            page = steps[name](s)
    except LoaError as error:
        return make_response(_page(error), status_of(error))
    return make_response(page) if page else redirect(url_for(".show"))


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
    first_address.choose(config, address)
    first_setup.done(s, SetupStep.ADDRESS)
    authority = first_address.certify(config, services().clock)
    code.forget(config.data_dir)
    session.pop(KNOWN, None)
    return render_template("first_run/done.html", url=first_address.console_url(config, address), authority=authority)


def _page(error: LoaError | None = None) -> str:
    with services().database.reading() as s:
        first_setup.require_open(s)
        step = first_setup.state(s).next
    if not session.get(KNOWN):
        return render_template("first_run/code.html", path=code.path(services().config.data_dir), error=error)
    number = list(SetupStep).index(step or SetupStep.COMMUNE) + 1
    facts = {"number": number, "count": len(SetupStep), "suggested": outward_address()}
    return render_template("first_run/step.html", step=step, form=request.form, error=error, **facts)


def _require_open() -> None:
    with services().database.reading() as s:
        first_setup.require_open(s)


def _typed(name: str) -> str:
    return request.form.get(name, "").strip()
