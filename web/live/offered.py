"""What is live here as a stream that other stations relay: HLS whose pieces are pages of the recording as it grows."""

from pathlib import Path

from flask import Blueprint, Response, url_for

from broadcaster.audio.live.segments import SEGMENT_SECONDS, Segments, content, segments
from broadcaster.errors import Unavailable
from broadcaster.live import pieces
from broadcaster.station.clips import clips
from broadcaster.station.live import offering
from broadcaster.station.live.offering import OfferedSession
from web.security.access import ANYBODY, asks
from web.security.protection import limiter
from web.shell.services import services

blueprint = Blueprint("live_stream", __name__)
limiter.limit("1200/minute")(blueprint)
WINDOW = 10
"""So many pieces the list names, the newest last."""


@blueprint.get("/xa/truc-tiep.m3u8")
@asks(ANYBODY)
def playlist() -> Response:
    """Pieces are numbered by the clock, so that the numbers of the next session are higher. Raises Unavailable."""
    found, _path, cut = _followed()
    first = max(0, len(cut.sound) - WINDOW)
    base = int(found.began_at.timestamp()) // SEGMENT_SECONDS
    begin = url_for(".beginning", session_id=found.session)
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:6",
        f"#EXT-X-TARGETDURATION:{SEGMENT_SECONDS}",
        f"#EXT-X-MEDIA-SEQUENCE:{base + first}",
        f'#EXT-X-MAP:URI="{begin}"',
    ]
    for number in range(first, len(cut.sound)):
        address = url_for(".piece", session_id=found.session, position=number)
        lines += [f"#EXTINF:{SEGMENT_SECONDS}.0,", address]
    lines += ["#EXT-X-ENDLIST"] if found.recording_sha256 else []
    return _answer("\n".join([*lines, ""]).encode(), "application/vnd.apple.mpegurl")


@blueprint.get("/xa/truc-tiep/<session_id>/dau.ogg")
@asks(ANYBODY)
def beginning(session_id: str) -> Response:
    """What a decoder needs first. Raises Unavailable."""
    _found, path, cut = _followed(session_id)
    return _answer(content(path, cut.head), "audio/ogg")


@blueprint.get("/xa/truc-tiep/<session_id>/<int:position>.ogg")
@asks(ANYBODY)
def piece(session_id: str, position: int) -> Response:
    """One piece. Raises Unavailable."""
    _found, path, cut = _followed(session_id)
    if position >= len(cut.sound):
        raise Unavailable("live.nothing_on_air")
    return _answer(content(path, cut.sound[position]), "audio/ogg")


def _followed(session_id: str | None = None) -> tuple[OfferedSession, Path, Segments]:
    given = services()
    with given.database.reading() as s:
        found = offering.on_air(s, now_at=given.clock(), session_id=session_id)
    path = given.config.data_dir / pieces.FOLDER / f"{found.session}.ogg"
    if found.recording_sha256:
        path = clips.path(given.config.clips_dir, found.recording_sha256)
    try:
        return found, path, segments(path, whole=found.recording_sha256 is not None)
    except OSError:
        raise Unavailable("live.nothing_on_air") from None


def _answer(body: bytes, kind: str) -> Response:
    answer = Response(body, mimetype=kind)
    answer.headers["Cache-Control"] = "no-store"
    return answer
