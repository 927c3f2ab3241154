"""The exchange as the level above answers it, described in ``docs/exchange.md``: communes ask, nobody is called."""

import time
from datetime import timedelta
from typing import TypeVar

import msgspec
from flask import Blueprint, Response, request, send_file
from sqlalchemy.orm import Session

from broadcaster.certificates import authority
from broadcaster.certificates.listeners import console_is_encrypted
from broadcaster.errors import Invalid, NotFound
from broadcaster.protocol.errors import ProtocolError
from broadcaster.protocol.exchange.messages import (
    IDENTITY_TYPE,
    REPORTS_TYPE,
    ROOT,
    Joined,
    Joining,
    OffersAnswer,
    Reports,
    UpperIdentity,
)
from broadcaster.protocol.signing import LIMIT_BYTES, open_message, sign
from broadcaster.station.announcements import recordings
from broadcaster.station.province import communes, feed, items, taking_reports
from broadcaster.station.province.feed import FeedPage
from broadcaster.station.rows import settings
from broadcaster.station.schema import ProvinceCommune
from web.api.callers import bearer_token
from web.exchange.identity import own_identity
from web.forms.parsing import figures
from web.security.access import ANYBODY, asks
from web.security.protection import csrf, limiter
from web.shell.failures import TokenRefused
from web.shell.services import services

blueprint = Blueprint("exchange", __name__, url_prefix=ROOT)
csrf.exempt(blueprint)  # no cookie is looked at here
LONGEST_WAIT_SECONDS = 30.0
OF_COMMUNE = 2
"""Questions that wait at once: a link that was cut may hold one a while."""
NEWS = "announcements"
"""The counter that rises with every offer."""
SEEN_EVERY = timedelta(seconds=60)
Body = TypeVar("Body", bound=msgspec.Struct)


@blueprint.get("/identity")
@asks(ANYBODY)
def identity() -> Response:
    """Who this level is, signed by its key."""
    config, own = services().config, own_identity()
    with services().database.reading() as s:
        name = settings.read(s, "station_name") or config.station.name
    pinned = console_is_encrypted(config) and not config.tls.certificate
    pem = authority.load_or_create(config, now_at=services().clock()).pem if pinned else ""
    said = UpperIdentity(upper=own.station, name=name, key=own.public_key.hex(), authority_pem=pem)
    return Response(sign(said, own.seed, IDENTITY_TYPE), mimetype="application/jose")


@blueprint.post("/join")
@limiter.limit("20/minute")
@asks(ANYBODY)
def join() -> Response:
    """A code for a token, once."""
    asked = _body(Joining)
    with services().database.session() as s:
        return _json(Joined(token=communes.join(s, asked, now_at=services().clock())))


@blueprint.get("/bulletins")
@asks(ANYBODY)
def offers() -> Response:
    """What comes after the last offer the commune has; waits for it as long as the commune wants."""
    after, mark = _number("after"), request.args.get("mark", "")
    commune_id = _seen()
    ends = time.monotonic() + min(_number("wait"), LONGEST_WAIT_SECONDS)
    watcher, bounds = services().watcher, {f"commune {commune_id}": OF_COMMUNE}
    joined = time.monotonic() < ends and watcher.join(bounds)
    try:
        known = watcher.counters.get(NEWS)
        found, answer = _look(commune_id, after, mark)
        while joined and not found.tokens and not answer.went_back and time.monotonic() < ends and not watcher.stopped:
            watcher.wait(watcher.counters, timeout_seconds=min(1.0, max(0.0, ends - time.monotonic())))
            if (news := watcher.counters.get(NEWS)) != known:
                known = news
                found, answer = _look(commune_id, after, mark)
    finally:
        if joined:
            watcher.leave(bounds)
    return _json(answer)


@blueprint.get("/clips/<sha256>")
@asks(ANYBODY)
def sound(sha256: str) -> Response:
    """A sound that was offered to this commune; ``Range`` goes on where a link was cut."""
    with services().database.reading() as s:
        if not items.has_sound(s, commune=_caller(s), sha256=sha256):
            raise NotFound("province.sound_not_found")
    path = recordings.path(services().config.clips_dir.absolute(), sha256)
    return send_file(path, mimetype="application/octet-stream", conditional=True, etag=sha256, max_age=0)


@blueprint.post("/reports")
@asks(ANYBODY)
def reports() -> Response:
    """What the commune states, signed by its station's key; stored before it is answered."""
    token, now_at = request.stream.read(LIMIT_BYTES + 1), services().clock()
    with services().database.session() as s:
        commune = _caller(s)
        try:
            stated = open_message(token, Reports, key=bytes.fromhex(commune.key), kind=REPORTS_TYPE)
        except ProtocolError as error:
            raise Invalid("province.not_signed", cause=error) from None
        if (stated.commune, stated.upper) != (commune.id, services().config.station.id):
            raise Invalid("province.not_for_us", commune=stated.commune)
        return _json(taking_reports.take(s, commune, stated, now_at=now_at))


def _look(commune_id: str, after: int, mark: str) -> tuple[FeedPage, OffersAnswer]:
    with services().database.reading() as s:
        commune = s.get_one(ProvinceCommune, commune_id)
        found, stored = feed.page(s, commune, after=after, mark=mark), commune.reports_head
    went_back = False
    if not found.in_step:
        went_back = after > 0
        with services().database.session() as s:
            commune = s.get_one(ProvinceCommune, commune_id)
            feed.mend(s, own_identity(), commune=commune, after=after, mark=mark, now_at=services().clock())
            found = feed.page(s, commune, after=after, mark=mark)
    return found, OffersAnswer(items=found.tokens, head=found.head, reports_head=stored, went_back=went_back)


def _seen() -> str:
    """Who asks; that it asked is noted once a minute. Raises TokenRefused."""
    now_at = services().clock()
    with services().database.reading() as s:
        commune = _caller(s)
    if commune.seen_at is None or now_at - commune.seen_at >= SEEN_EVERY:
        with services().database.session() as s:
            s.get_one(ProvinceCommune, commune.id).seen_at = now_at
    return commune.id


def _caller(s: Session) -> ProvinceCommune:
    found = communes.of_token(s, bearer_token())
    if found is None:
        raise TokenRefused("province.token_unknown")
    return found


def _number(name: str) -> int:
    """Raises Invalid."""
    number = figures(request.args.get(name, "0"), most=15)
    if number is None:
        raise Invalid("province.number_malformed", field=name)
    return number


def _body(kind: type[Body]) -> Body:
    """Raises Invalid."""
    try:
        return msgspec.json.decode(request.stream.read(4_096), type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Invalid("province.body_malformed", cause=error) from None


def _json(answer: msgspec.Struct) -> Response:
    return Response(msgspec.json.encode(answer), mimetype="application/json")
