"""Bản tin cho bà con: what was really broadcast, for everybody with a cheap phone; no login, no cookie, no script."""

from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, Response, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from broadcaster.errors import NotFound
from broadcaster.payments.levy import Levy
from broadcaster.station.clips import clips
from broadcaster.station.hearings import hearings
from broadcaster.station.records import alarms, residents
from broadcaster.station.records.residents import HeardAnnouncement
from broadcaster.station.rules import commune_rules
from broadcaster.station.schema import Broadcast, BroadcastPart, Unit
from broadcaster.station.units import units
from broadcaster.station.vocabulary.states import UnitKind
from web.clips.files import M4A, OGG, sound_file
from web.drafts.levies import dotted
from web.drawing import qr_codes
from web.forms.query_arguments import asked_page
from web.residents.page_cache import render, shared
from web.security.access import ANYBODY, asks
from web.security.protection import limiter
from web.shell.services import services

blueprint = Blueprint("residents", __name__)
limiter.limit("1200/minute")(blueprint)
blueprint.add_app_template_filter(dotted)

YEAR = "public, max-age=31536000, immutable"
SHORT_TEXT = 420
"""Characters of a text shown whole in the list; of a longer one its beginning, as many phones pay by the byte."""


@blueprint.get("/xa")
@asks(ANYBODY)
def commune() -> Response:
    return shared(lambda s: _list(s, None))


@blueprint.get("/thon/<unit_id>")
@asks(ANYBODY)
def hamlet(unit_id: str) -> Response:
    return shared(lambda s: _list(s, residents.place(s, unit_id)))


@blueprint.get("/xa.atom")
@asks(ANYBODY)
def commune_feed() -> Response:
    return shared(lambda s: _feed(s, None), mimetype="application/atom+xml")


@blueprint.get("/thon/<unit_id>.atom")
@asks(ANYBODY)
def hamlet_feed(unit_id: str) -> Response:
    return shared(lambda s: _feed(s, residents.place(s, unit_id)), mimetype="application/atom+xml")


@blueprint.get("/tin/<broadcast_id>")
@asks(ANYBODY)
def show(broadcast_id: str) -> Response:
    return shared(lambda s: _show(s, broadcast_id))


@blueprint.get("/tin/<broadcast_id>/<int:position>.ogg")
@asks(ANYBODY)
def sound(broadcast_id: str, position: int) -> Response:
    return _sound(broadcast_id, position, OGG)


@blueprint.get("/tin/<broadcast_id>/<int:position>.m4a")
@asks(ANYBODY)
def sound_copy(broadcast_id: str, position: int) -> Response:
    return _sound(broadcast_id, position, M4A)


def _sound(broadcast_id: str, position: int, media: str) -> Response:
    with services().database.reading() as s:
        found = residents.parts(s, _broadcast(s, broadcast_id))
    part = next((part for part in found if part.position == position), None)
    path = clips.path(services().config.clips_dir, part.sha256) if part else None
    if path is None or not path.is_file():
        raise NotFound("resident.sound_gone")
    return sound_file(path, media, cached_by="public")


@blueprint.get("/tin/<broadcast_id>/ma.<any(svg, png):kind>")
@asks(ANYBODY)
def levy_code(broadcast_id: str, kind: str) -> Response:
    with services().database.reading() as s:
        levy = _broadcast(s, broadcast_id).levy
    if levy is None:
        raise NotFound("resident.no_levy")
    return qr_codes.picture(qr_codes.of_levy(levy), kind=kind, cache=YEAR)


@blueprint.get("/ba-con")
@asks(ANYBODY)
def anywhere() -> AnyResponse:
    """What people type who heard of it."""
    return redirect(url_for(".commune"))


def _page(s: Session, template: str, **values: object) -> str:
    """A page with the name and the telephone number the commune chose."""
    rules = commune_rules.read(s)
    name = rules.station_name or services().config.station.name
    return render(f"residents/{template}", station_name=name, contact_phone=rules.contact_phone, **values)


def _list(s: Session, unit: Unit | None) -> str:
    require_open(s)
    page = residents.listing(s, unit, now_at=services().clock(), page=asked_page())
    return _page(
        s,
        "list.html",
        unit=unit,
        title=_title(s, unit),
        alarms=alarms.on_now(s, unit, now_at=services().clock()),
        page=page,
        days=_by_day(page.items),
        hamlets=_hamlets(s),
        excerpt=_excerpt,
        feed=url_for(".hamlet_feed", unit_id=unit.id) if unit else url_for(".commune_feed"),
    )


def _show(s: Session, broadcast_id: str) -> str:
    broadcast = _broadcast(s, broadcast_id)
    heard = hearings.transcripts(s, [part.sha256 for part in residents.parts(s, broadcast)])
    return _page(
        s,
        "show.html",
        broadcast=broadcast,
        transcripts=list(heard.values()),
        alarms=alarms.on_now(s, None, now_at=services().clock()),
        newer=residents.newer(s, broadcast),
        text=_text(broadcast),
        sounds=_sounds(s, broadcast),
        address=absolute(url_for(".show", broadcast_id=broadcast.id)),
        levy=broadcast.levy,
        code=levy_code_of(broadcast.levy),
    )


def _feed(s: Session, unit: Unit | None) -> str:
    require_open(s)
    items = residents.listing(s, unit, now_at=services().clock()).items
    home = url_for(".hamlet", unit_id=unit.id) if unit else url_for(".commune")
    return _page(
        s,
        "feed.xml",
        title=_title(s, unit),
        home=absolute(home),
        itself=absolute(request.script_root + request.path),
        items=items,
        text=_text,
        absolute=absolute,
        updated_at=items[0].broadcast.start_at if items else services().clock(),
    )


def levy_code_of(levy: Levy | None) -> str:
    """The code as part of the page; empty without a levy."""
    return qr_codes.inline(qr_codes.of_levy(levy)) if levy else ""


def absolute(path: str) -> str:
    """The address people outside reach a page by."""
    return (services().config.web.public_url or request.host_url).rstrip("/") + path


def _broadcast(s: Session, broadcast_id: str) -> Broadcast:
    require_open(s)
    return residents.get(s, broadcast_id, now_at=services().clock())


def _sounds(s: Session, broadcast: Broadcast) -> list[BroadcastPart]:
    """The parts whose sound is still at hand; the disk of a station is not for ever."""
    folder = services().config.clips_dir
    return [part for part in residents.parts(s, broadcast) if clips.path(folder, part.sha256).is_file()]


def require_open(s: Session) -> None:
    if not residents.is_open(s):
        raise NotFound("resident.page_closed")


def _title(s: Session, unit: Unit | None) -> str:
    if unit is not None and unit.kind is UnitKind.HAMLET:
        return unit.name
    commune = unit or residents.commune(s)
    return commune.name if commune else ""


def _hamlets(s: Session) -> list[Unit]:
    return [unit for unit in units.tree(s) if unit.kind is UnitKind.HAMLET]


def _by_day(items: Sequence[HeardAnnouncement]) -> list[tuple[datetime, list[HeardAnnouncement]]]:
    """The same in groups: the broadcasts of one local day together."""
    days: dict[str, list[HeardAnnouncement]] = {}
    for item in items:
        days.setdefault(f"{item.broadcast.start_at.astimezone(services().timezone):%Y%m%d}", []).append(item)
    return [(group[0].broadcast.start_at, group) for group in days.values()]


def _text(broadcast: Broadcast) -> str:
    """As written and approved; as spoken, where the broadcast is from before that was kept."""
    return broadcast.text or broadcast.script


def _excerpt(broadcast: Broadcast) -> tuple[str, bool]:
    """The beginning of the text, and whether there is more."""
    text = _text(broadcast)
    if len(text) <= SHORT_TEXT:
        return text, False
    return text[:SHORT_TEXT].rsplit(None, 1)[0] + "…", True
