"""Styles, scripts and pictures: each room holds its own in ``static/``; pages name them ``room/file``."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, Response, send_from_directory, url_for

from web.security.access import ANYBODY, asks

WEB = Path(__file__).parent.parent


def init_app(app: Flask) -> None:
    """Serve ``web/<room>/static/<name>`` as ``/static/<room>/<name>``. The application has no folder of its own."""
    app.add_url_rule("/static/<room>/<path:name>", endpoint="static", view_func=send)


@asks(ANYBODY)
def send(room: str, name: str) -> Response:
    """One file of one room. NotFound for whatever is not there, and for a path that would lead out of the room."""
    return send_from_directory(WEB / room / "static", name)


def static_url(name: str) -> str:
    """The address of ``room/file``; it changes with the file, so that browsers may keep it for a year."""
    room, _, file = name.partition("/")
    return url_for("static", room=room, name=file, v=_fingerprint(room, file))


@cache
def _fingerprint(room: str, file: str) -> str:
    return hashlib.sha256((WEB / room / "static" / file).read_bytes()).hexdigest()[:10]
