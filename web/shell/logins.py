"""Who is at the keyboard: the login cookie, read once for each request."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from flask import Flask, Response, make_response, redirect, render_template, request, session, url_for
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user  # type: ignore[import-untyped]
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from broadcaster.errors import Unavailable
from broadcaster.station.people import devices, roles, second_factor, sessions
from broadcaster.station.schema import Person
from web.security import device_cookies
from web.security.access import ANYBODY, rule_of
from web.shell import failures
from web.shell.services import services
from web.translations.languages import gettext as _

TOUCH_SECONDS = 0.2
"""So long the word of when a login was used last waits for the database; a later request says it too."""
PERMISSIONS = (
    "write",
    "approve",
    "broadcast",
    "schedule",
    "manage_nodes",
    "manage_people",
    "view_log",
    "emergency",
    "speak_live",
)
_OUR_PATH = re.compile(r"/(?![/\\])[^\s\\\x00-\x1f\x7f-\x9f]*")
"""One slash, then no second one, no space, no control character and no backslash."""
SETTING_UP = {"account.second_factor_form", "account.second_factor_on", "people.logout", "live.stream"}
OPEN_ROOMS = {"residents"}
"""Rooms that know no visitor at all: the same for everybody, without a cookie."""


@dataclass(frozen=True, slots=True)
class Visitor(UserMixin):  # type: ignore[misc]
    """Someone signed in, as pages and menus need them.

    token: of the login session.
    person_id, username, full_name: who.
    permissions: what they may do somewhere in the commune; decides what is shown, never what is done.
    owes_second_factor: the commune asks for it, and it is not switched on yet.
    """

    token: str
    person_id: str
    username: str
    full_name: str
    permissions: frozenset[str]
    over_commune: frozenset[str] = frozenset()
    owes_second_factor: bool = False

    def get_id(self) -> str:
        return self.token

    def may(self, permission: str) -> bool:
        """In some unit: what a menu asks."""
        return permission in self.permissions

    def governs(self, permission: str) -> bool:
        """Over the commune as a whole."""
        return permission in self.over_commune


class Cookies(SecureCookieSessionInterface):
    """Flask's own, but rooms that know no visitor neither set a cookie nor make their pages depend on one."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if request.blueprint not in OPEN_ROOMS:
            super().save_session(app, session, response)


def visitor(s: Session, person: Person, token: str) -> Visitor:
    may = frozenset(permission for permission in PERMISSIONS if roles.may_somewhere(person, permission))
    governs = frozenset(permission for permission in may if roles.may(s, person, permission, None))
    owes = second_factor.must_enrol(s, person)
    return Visitor(token, person.id, person.username, person.full_name, may, governs, owes)


def current_visitor() -> Visitor | None:
    """Who is signed in."""
    return cast(Visitor, current_user) if current_user.is_authenticated else None


def load(token: str) -> Visitor | None:
    """None for a token that is unknown, ended or expired.

    Nothing of it is kept in the cookie: a part of a page that was asked for before a form was sent, and is answered
    after it, would take back what the answer to the form had put there.
    """
    now_at, database = services().clock(), services().database
    with database.reading(urgent=True) as s:
        found = sessions.read_session(s, token, now_at=now_at, idle=_idle())
        if found is None:
            return None
        known, long_ago = visitor(s, found.person, token), now_at - found.seen_at > sessions.SEEN_AGAIN
    if long_ago:
        with suppress(Unavailable), database.session(patience_seconds=TOUCH_SECONDS) as s:
            sessions.touch_session(s, token, now_at=now_at)
    return known


def _idle() -> timedelta:
    return timedelta(hours=services().config.web.session_hours)


def sign_in(s: Session, person: Person) -> None:
    client = (request.user_agent.string or "")[:200]
    token = sessions.open_session(s, person=person, now_at=services().clock(), client=client)
    device = devices.remember(s, person=person, token=device_cookies.token(), now_at=services().clock())
    device_cookies.give(device)
    _forget()
    login_user(visitor(s, person, token))


def sign_out() -> None:
    with services().database.session() as s:
        sessions.end_session(s, current_user.token, now_at=services().clock())
    logout_user()
    _forget()


def _forget() -> None:
    """Nothing of one person's visit is left to the next but the language of the screen."""
    remaining = {name: value for name, value in session.items() if name == "language"}
    session.clear()
    session.update(remaining)


def local_path(target: str | None) -> str:
    """Where to go after the login; never away from this site.

    Browsers drop tabs and line breaks inside an address and read a backslash as a slash: none of them may stand in it.
    """
    if target and _OUR_PATH.fullmatch(target):
        return target
    return url_for("home.show")


def _ask_to_sign_in() -> AnyResponse | None:
    """The API checks its own tokens."""
    rule = rule_of(request.endpoint)
    if rule is ANYBODY or request.path.startswith("/api/"):
        return None
    if current_user.is_authenticated:
        return _ask_for_second_factor()
    if request.method == "GET":
        if request.headers.get("X-Fragment"):
            return Response(status=401)
        return redirect(url_for("people.login", next=request.script_root + request.full_path.rstrip("?")))
    return _keep_what_was_typed()


def _ask_for_second_factor() -> AnyResponse | None:
    """Whoever owes the second factor gets nowhere else until it is on."""
    if not current_user.owes_second_factor or request.endpoint in SETTING_UP:
        return None
    return redirect(url_for("account.second_factor_form"))


def _keep_what_was_typed() -> Response:
    """A form sent after the login ended: show the login with the text beside it, so that nothing is lost."""
    page = render_template(
        "people/login.html",
        username="",
        target=local_path(request.referrer and _path_of(request.referrer)),
        error=_("Phiên đăng nhập đã hết. Hãy đăng nhập lại; những gì bạn vừa gõ vẫn còn ở dưới đây."),
        typed=failures.typed(),
    )
    return make_response(page, 401)


def _path_of(address: str) -> str:
    return "/" + address.split("/", 3)[3] if address.startswith(request.host_url) else "/"


def init_app(app: Flask) -> None:
    app.session_interface = Cookies()
    manager = LoginManager(app)
    manager.session_protection = None  # its own fingerprint would end sessions on phones that change networks
    manager.user_loader(load)
    app.before_request(_ask_to_sign_in)
