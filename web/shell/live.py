"""Live pages: a stream of "something changed" for each open page, which then asks for the part that moved.

A page that cannot have a stream (too many are open) is answered 204, which tells the browser to stop asking for
one; its script then looks again every few seconds.
"""

import json
import time
from collections.abc import Iterator

from flask import Blueprint, Response, request

from broadcaster.station.rows import changes
from web.security.access import SIGNED_IN, asks
from web.shell.services import services
from web.shell.watcher import Watcher

blueprint = Blueprint("live", __name__)

HEARTBEAT_SECONDS = 15.0
STREAM_SECONDS = 300.0
"""A stream is closed after this; the browser opens a new one. So a login that ended is noticed."""


@blueprint.get("/live")
@asks(SIGNED_IN)
def stream() -> Response:
    topics = frozenset(request.args.get("topics", "").split(",")) & frozenset(changes.NAMES)
    watcher = services().watcher
    if not topics or not watcher.join():
        return Response(status=204)
    events = Response(_events(watcher, topics), mimetype="text/event-stream")
    events.headers["X-Accel-Buffering"] = "no"
    events.call_on_close(watcher.leave)
    return events


def _events(watcher: Watcher, topics: frozenset[str]) -> Iterator[str]:
    ends = time.monotonic() + STREAM_SECONDS
    known = watcher.counters
    yield "retry: 2000\n" + _event({name: known.get(name, 0) for name in topics})
    while time.monotonic() < ends and not watcher.stopped:
        news = watcher.wait(known, timeout_seconds=HEARTBEAT_SECONDS)
        moved = {name: news.get(name, 0) for name in topics if news.get(name) != known.get(name)}
        known = news
        yield _event(moved) if moved else ": still here\n\n"


def _event(counters: dict[str, int]) -> str:
    return f"event: changes\ndata: {json.dumps(counters, sort_keys=True)}\n\n"
