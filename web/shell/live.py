"""Live pages: a stream of "something changed" for each open page, which then asks for the part that moved.

A page that cannot have a stream (too many are open) is answered 204, which tells the browser to stop asking for
one; its script then looks again every few seconds.
"""

import json
import time
from collections.abc import Callable, Iterator
from functools import partial

from flask import Blueprint, Response, request

from broadcaster.station.rows import changes
from web.security.access import SIGNED_IN, asks
from web.shell.logins import current_visitor
from web.shell.services import services
from web.shell.watcher import Watcher

blueprint = Blueprint("live", __name__)

ALL = "all"
OF_BROWSER, OF_PERSON = 2, 4
HEARTBEAT_SECONDS = 15.0
LOOK_SECONDS = 1.0
"""So soon a stream whose page was closed gives its place back."""
STREAM_SECONDS = 300.0
"""A stream is closed after this; the browser opens a new one. So a login that ended is noticed."""


@blueprint.get("/live")
@asks(SIGNED_IN)
def stream() -> Response:
    topics = frozenset(changes.NAMES)
    if (asked := request.args.get("topics", "")) != ALL:
        topics &= frozenset(asked.split(","))
    watcher, bounds = services().watcher, _bounds()
    if not topics:
        return Response(status=204)
    if not watcher.join(bounds):
        services().overload.note()
        return Response(status=204)
    is_gone = request.environ.get("waitress.client_disconnected", bool)
    events = Response(_events(watcher, topics, is_gone), mimetype="text/event-stream")
    events.headers["X-Accel-Buffering"] = "no"
    events.call_on_close(partial(watcher.leave, bounds))
    return events


def _bounds() -> dict[str, int]:
    """How many streams this browser, this person and this address may hold. A browser needs one for all its tabs: over
    HTTP/1.1 it opens six connections to a station, and its seventh request would wait for ever behind six streams."""
    visitor = current_visitor()
    person, browser = (visitor.person_id, visitor.token) if visitor else ("", "")
    of_address = max(OF_PERSON, services().watcher.most_streams // 2)
    return {f"browser {browser}": OF_BROWSER, f"person {person}": OF_PERSON, f"from {request.remote_addr}": of_address}


def _events(watcher: Watcher, topics: frozenset[str], is_gone: Callable[[], bool]) -> Iterator[str]:
    ends = time.monotonic() + STREAM_SECONDS
    known = watcher.counters
    yield "retry: 2000\n" + _event({name: known.get(name, 0) for name in topics})
    said = time.monotonic()
    while time.monotonic() < ends and not watcher.stopped and not is_gone():
        news = watcher.wait(known, timeout_seconds=min(LOOK_SECONDS, HEARTBEAT_SECONDS))
        moved = {name: news.get(name, 0) for name in topics if news.get(name) != known.get(name)}
        is_news, known = news != known, news
        if moved or is_news or time.monotonic() - said >= HEARTBEAT_SECONDS:
            said = time.monotonic()
            yield _event(moved) if moved else ": still here\n\n"


def _event(counters: dict[str, int]) -> str:
    return f"event: changes\ndata: {json.dumps(counters, sort_keys=True)}\n\n"
