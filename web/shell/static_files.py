"""Styles, scripts and pictures: each room holds its own in ``static/``; pages name them ``room/file``.

What nearly every page needs is joined into one file each, without comments: on a telephone's 2G line every answer costs
0.7 kB of headers, and a page is there when its files are.
"""

import hashlib
import re
from functools import cache
from pathlib import Path

from flask import Flask, Response, current_app, request, send_from_directory, url_for
from werkzeug.exceptions import NotFound

from web.security.access import ANYBODY, asks

WEB = Path(__file__).parent.parent
JOINED_ROOM = "joined"
JOINED = {
    "console.css": ("shell/console.css", "shell/narrow.css", "drafts/compose.css"),
    "console.js": ("shell/console.js", "shell/player.js", "shell/days.js"),
    "compose.js": ("drafts/compose.js", "drafts/listen.js", "drafts/paste.js", "shell/zones.js"),
    "recorder.js": ("announcements/recorder.js",),
    "announcement.css": ("announcements/levies.css", "announcements/recorder.css", "approvals/approvals.css"),
}
"""What each joined file holds, in this order."""
_TYPES = {".css": "text/css", ".js": "text/javascript"}


def init_app(app: Flask) -> None:
    """Serve ``web/<room>/static/<name>`` as ``/static/<room>/<name>``. The application has no folder of its own."""
    app.add_url_rule("/static/<room>/<path:name>", endpoint="static", view_func=send)


@asks(ANYBODY)
def send(room: str, name: str) -> Response:
    """One file of one room. NotFound for whatever is not there, and for a path that would lead out of the room."""
    return _send_joined(name) if room == JOINED_ROOM else send_from_directory(WEB / room / "static", name)


def static_url(name: str) -> str:
    """The address of ``room/file``; it changes with the file, so that browsers may keep it for a year."""
    room, _, file = name.partition("/")
    return url_for("static", room=room, name=file, v=_fingerprint(room, file))


def joined_url(name: str) -> str:
    """The same for one of ``JOINED``."""
    return url_for("static", room=JOINED_ROOM, name=name, v=_digest(joined(name).encode()))


@cache
def joined(name: str) -> str:
    """One of ``JOINED``: whole lines of comment and indentation are left out, and nothing else."""
    whole = "\n".join(_path(each).read_text(encoding="utf-8") for each in JOINED[name])
    if name.endswith(".css"):
        whole = re.sub(r"/\*.*?\*/", "", whole, flags=re.DOTALL)
    lines = (line.strip() for line in whole.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def _send_joined(name: str) -> Response:
    if name not in JOINED:
        raise NotFound
    body = joined(name)
    answer = Response(body, content_type=f"{_TYPES[Path(name).suffix]}; charset=utf-8")
    answer.set_etag(_digest(body.encode()))
    answer.cache_control.public = True
    answer.cache_control.max_age = current_app.get_send_file_max_age(name)
    answer.make_conditional(request)
    return answer


def _path(name: str) -> Path:
    room, _, file = name.partition("/")
    return WEB / room / "static" / file


@cache
def _fingerprint(room: str, file: str) -> str:
    return _digest(_path(f"{room}/{file}").read_bytes())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:10]
