"""The edge of the console: refusals and reasons as sentences in the language of this request."""

from collections.abc import Iterable

from flask import Flask, has_app_context

from broadcaster.errors import LoaError
from broadcaster.refusals.reasons import Reason, decode
from broadcaster.refusals.sentences import VIETNAM, sentence
from web.shell.services import services
from web.translations import languages


def said(stated: Reason | LoaError | Iterable[Reason] | None) -> str:
    """The sentence, or the sentences one after another; empty for nothing."""
    if stated is None:
        return ""
    if isinstance(stated, LoaError):
        return said(stated.reason)
    if isinstance(stated, Reason):
        return sentence(stated, languages.current(), zone=services().timezone if has_app_context() else VIETNAM)
    return " ".join(said(each) for each in stated)


def shown(value: object) -> object:
    """What a page shows of a value: a refusal or reason is told, whatever else stays as it is."""
    return said(value) if isinstance(value, Reason | LoaError) else value


def init_app(app: Flask) -> None:
    app.jinja_env.finalize = shown
    app.jinja_env.filters.update(said=said, stored_reason=decode)
