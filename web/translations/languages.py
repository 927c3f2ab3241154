"""Vietnamese is what the console is written in; other languages are catalogues beside it.

The catalogues are read from their ``.po`` files at start, so nothing has to be compiled before the first page.
"""

import io
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask, g, has_app_context, request, session
from flask_babel import Babel, Domain, get_locale, lazy_gettext  # type: ignore[import-untyped]

CATALOGUES = Path(__file__).parent
SOURCE = "vi"
WITHOUT_COOKIES = frozenset({"residents", "resident_feedback", "boards"})
"""Blueprints whose pages know no visitor: one page serves everybody."""
_HELD = "catalogue"
LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}


def gettext(message: str, **values: object) -> str:
    """The message in the language of this request, its ``%(name)s`` filled in."""
    found = _catalogue().ugettext(message)
    return found % values if values else found


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """The form of the message that goes with ``num``."""
    return _catalogue().ungettext(one, many, num) % ({"num": num} | values)


def later(message: str, **values: object) -> Any:
    """The message, translated each time it is shown; for words that stand in tables."""
    return lazy_gettext(message, **values)


def chosen() -> str:
    """The language of this request: what was chosen, else Vietnamese (never guessed from the browser)."""
    if request.blueprint in WITHOUT_COOKIES:
        return "en" if request.args.get("lang") == "en" else SOURCE
    choice = session.get("language") or request.cookies.get("language")
    if not choice and request.path.startswith("/api/"):  # programs have no page on which to choose
        choice = request.accept_languages.best_match(LANGUAGES, SOURCE)
    return choice if choice in LANGUAGES else SOURCE


def current() -> str:
    """The language being spoken: that of this request, outside of any request Vietnamese."""
    return str(get_locale() or SOURCE)


@cache
def catalogue(language: str) -> Translations:
    """The messages of one language; empty for Vietnamese, whose sentences stand in the pages themselves."""
    path = CATALOGUES / language / "LC_MESSAGES" / "messages.po"
    if not path.is_file():
        return Translations()
    with path.open("rb") as file:
        messages = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return Translations(compiled)


def _catalogue() -> Translations:
    """That of this request, asked for once: a page of a thousand words asks a thousand times."""
    if not has_app_context():
        return catalogue(SOURCE)
    found: Translations | None = g.get(_HELD)
    if found is None:
        found = catalogue(current())
        setattr(g, _HELD, found)
    return found


class Catalogues(Domain):  # type: ignore[misc]  # Flask-Babel carries no types
    """Flask-Babel's domain, reading ``.po`` files directly."""

    def get_translations(self) -> Translations:
        return _catalogue()


def init_app(app: Flask) -> None:
    domain = Catalogues()
    Babel(app, default_locale=SOURCE, locale_selector=chosen)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # of Jinja's i18n extension
        lambda message: _catalogue().ugettext(message),
        lambda one, many, num: _catalogue().ungettext(one, many, num),
        newstyle=True,
    )

    @app.before_request
    def speak() -> None:
        domain.as_default()
