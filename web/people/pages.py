"""Người dùng: signing in and out, and who may do what."""

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import LoaError
from broadcaster.station.people import invitations, people
from broadcaster.station.schema import Person
from broadcaster.station.units import units
from broadcaster.station.vocabulary.pages import SIZE, Page
from web.account.second_factor import await_code
from web.forms.query_arguments import asked_page, asked_words
from web.people.invitation_links import invitation_page
from web.security import device_cookies
from web.security.access import ANYBODY, SIGNED_IN, asks, over_named, somewhere
from web.security.protection import limiter
from web.serving.urgency import is_order
from web.shell.failures import status_of
from web.shell.logins import current_visitor, local_path, sign_in, sign_out
from web.shell.request_context import changing, reading
from web.shell.services import services
from web.shell.words import ROLE
from web.translations.languages import gettext as _

blueprint = Blueprint("people", __name__)


@blueprint.get("/login")
@asks(ANYBODY)
def login() -> str | Response:
    if current_visitor():
        return redirect(url_for("home.show"))
    return _login_page()


@blueprint.post("/login", endpoint="enter")
@limiter.limit("20/minute;200/hour", key_func=device_cookies.known_or_address)
@asks(ANYBODY)
def enter() -> Response:
    username = request.form.get("username", "").strip()
    error: LoaError | None = None
    waiting: Person | None = None
    with services().database.session(urgent=is_order()) as s:
        # Failed attempts are counted in the database, so the refusal is answered after they are saved.
        try:
            person = people.authenticate(
                s,
                username=username,
                password=request.form.get("password", ""),
                now_at=services().clock(),
                device=device_cookies.token(),
            )
        except LoaError as refusal:
            error = refusal
        else:
            if person.totp_secret:
                waiting = person
            else:
                sign_in(s, person)
    if error:
        return make_response(_login_page(username=username, error=error), 401)
    if waiting:
        return await_code(waiting, request.form.get("next", ""))
    return redirect(local_path(request.form.get("next")))


def _login_page(*, username: str = "", error: LoaError | None = None) -> str:
    target = request.values.get("next", "")
    return render_template("people/login.html", username=username, target=target, error=error, typed=[])


@blueprint.post("/logout")
@asks(SIGNED_IN)
def logout() -> Response:
    sign_out()
    flash(_("Bạn đã đăng xuất."), "good")
    return redirect(url_for("people.login"))


@blueprint.get("/people")
@asks(somewhere("manage_people"))
def listing() -> str:
    with reading() as c:
        asked = {name: asked_words(name) for name in ("role", "state", "order")}
        fitting = people.chosen(c.s, by=c.by, query=asked_words(), **asked)
        number = asked_page()
        found = Page(fitting[(number - 1) * SIZE : number * SIZE], len(fitting), number, SIZE)
        return render_template("people/list.html", found=found, query=asked_words(), asked=asked, roles=ROLE)


@blueprint.get("/people/new")
@asks(somewhere("manage_people"))
def new() -> str:
    return _new_page()


@blueprint.post("/people")
@asks(over_named("manage_people"))
def add() -> str | Response:
    """By default an invitation, so that nobody but the person ever knows the password."""
    form = request.form
    wanted: dict[str, Any] = {
        "username": form.get("username", "").strip(),
        "full_name": form.get("full_name", "").strip(),
        "roles": [(form.get("unit_id", ""), role) for role in form.getlist("roles")],
    }
    try:
        with changing() as c:
            if form.get("how") == "invitation" or "approver" in form.getlist("roles"):
                person, token = invitations.invite(c.s, **wanted, by=c.by, now_at=c.now_at)
                return invitation_page(person, token, now_at=c.now_at)
            person, password = people.add_person(c.s, **wanted, password=None, by=c.by, now_at=c.now_at)
            return render_template("people/added.html", person=person, password=password)
    except LoaError as error:
        return make_response(_new_page(error), status_of(error))


def _new_page(error: LoaError | None = None) -> str:
    with reading() as c:
        tree = units.tree(c.s)
        return render_template("people/new.html", tree=tree, roles=ROLE, form=request.form, error=error)
