"""The edge of the console: refusals and reasons as sentences in the language of this request."""

from collections.abc import Iterable

from flask import Flask, has_app_context

from broadcaster.errors import LoaError
from broadcaster.refusals.reasons import Reason
from broadcaster.refusals.sentences import VIETNAM, sentence
from web.shell.services import services
from web.translations import languages


def said(told: Reason | LoaError | Iterable[Reason] | None) -> str:
    """The sentence, or the sentences one after another; empty for nothing."""
    if told is None:
        return ""
    if isinstance(told, LoaError):
        return said(told.reason)
    if isinstance(told, Reason):
        return sentence(told, languages.current(), zone=services().timezone if has_app_context() else VIETNAM)
    return " ".join(said(each) for each in told)


def shown(value: object) -> object:
    """What a page shows of a value: a refusal or reason is told, whatever else stays as it is."""
    return said(value) if isinstance(value, Reason | LoaError) else value


def init_app(app: Flask) -> None:
    app.jinja_env.finalize = shown
    app.jinja_env.filters["said"] = said
