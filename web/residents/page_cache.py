"""Pages that are the same for everybody: made once, given from memory, and never a burden to the console.

They know no visitor: no cookie is read or set, no writer is waited for, and however many people press refresh, the
station's database is asked about each page once in a few seconds.
"""

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from flask import Response, current_app, request
from sqlalchemy.orm import Session

from broadcaster.station.records import alarms
from broadcaster.station.rows import changes
from web.forms.query_arguments import asked_page
from web.shell.services import Services, services
from web.shell.static_files import static_url
from web.shell.words import word
from web.translations.languages import chosen

FRESH = timedelta(seconds=5)
"""So long a page is given without asking whether something changed."""
BROWSER_CACHE = "public, max-age=30"
MOST = 128
_DEPENDS_ON = ("announcements", "deliveries", "nodes", "agendas")

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CachedPage:
    """A page as it was made.

    body: its text.
    tag: changes with everything the page could show.
    checked_at: when it was last known to be what the station would say.
    """

    body: str
    tag: str
    checked_at: datetime


@dataclass
class PageCache:
    """The pages made by one console. services: of that console; boot: so that no other console's tags are believed."""

    services: Services
    boot: str = field(default_factory=lambda: secrets.token_hex(4))
    pages: OrderedDict[Key, CachedPage] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)


def shared(make: Callable[[Session], str], *, mimetype: str = "text/html") -> Response:
    """The answer to this request, which ``make`` writes when it is not at hand; 304 for whoever has it already."""
    made = _made(make)
    response = Response(made.body, content_type=f"{mimetype}; charset=utf-8")
    response.set_etag(made.tag, weak=True)
    response.headers["Cache-Control"] = BROWSER_CACHE
    response.make_conditional(request)
    return response


def render(template: str, **values: object) -> str:
    """A template without what the console puts into every page of somebody signed in."""
    environment = current_app.jinja_env
    return environment.get_template(template).render(language=chosen(), static_url=static_url, word=word, **values)


def _made(make: Callable[[Session], str]) -> CachedPage:
    shelf, now_at = _shelf(), services().clock()
    # Addresses in the page follow the name the browser used, unless the commune set its own.
    host = "" if services().config.web.public_url else request.host_url
    key = (request.script_root + request.path, str(asked_page()), chosen(), host)
    known = shelf.pages.get(key)
    if known and now_at - known.checked_at < FRESH:
        return known
    with shelf.lock, services().database.reading() as s:
        tag = _tag(s, shelf.boot)
        known = shelf.pages.pop(key, None)
        fresh = replace(known, checked_at=now_at) if known and known.tag == tag else CachedPage(make(s), tag, now_at)
        shelf.pages[key] = fresh
        while len(shelf.pages) > MOST:
            shelf.pages.popitem(last=False)
    return fresh


def _tag(s: Session, boot: str) -> str:
    """An alarm begins and ends by the clock too, when nothing else changes."""
    counters = changes.read(s)
    running = (each.broadcast.id[:12] for each in alarms.on_now(s, None, now_at=services().clock()))
    return "-".join([boot, f"{services().today:%y%m%d}", *(str(counters[name]) for name in _DEPENDS_ON), *running])


def _shelf() -> PageCache:
    shelf = current_app.extensions.get("loa_shelf")
    if shelf is None or shelf.services is not services():
        shelf = current_app.extensions["loa_shelf"] = PageCache(services())
    return shelf
