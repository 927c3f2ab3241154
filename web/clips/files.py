"""The sound itself, in either of its two forms."""

from pathlib import Path

from flask import Blueprint, Response, send_from_directory

from broadcaster.audio.copies.place import beside
from broadcaster.errors import NotFound, Unavailable
from broadcaster.station.clips import clips
from broadcaster.station.schema import Clip
from web.clips.recordings import lengths, remarks
from web.security.access import READING, asks
from web.shell.services import services

blueprint = Blueprint("clips", __name__)
blueprint.add_app_template_filter(lengths, "recorded_lengths")
blueprint.add_app_template_filter(remarks, "remarks_on_recording")

OGG, M4A = "audio/ogg", "audio/mp4"
_FOREVER = "max-age=31536000, immutable"


@blueprint.get("/clips/<sha256>.ogg")
@asks(READING)
def ogg(sha256: str) -> Response:
    return clip_file(sha256, OGG)


@blueprint.get("/clips/<sha256>.m4a")
@asks(READING)
def m4a(sha256: str) -> Response:
    return clip_file(sha256, M4A)


def clip_file(sha256: str, media: str) -> Response:
    """The clip as ``OGG`` or ``M4A``. Raises NotFound, or Unavailable while its copy is being made."""
    with services().database.reading() as s:
        known = s.get(Clip, sha256)
    path = clips.path(services().config.clips_dir, sha256)
    if known is None or not path.is_file():
        raise NotFound("clip.gone")
    return sound_file(path, media, cached_by="private")


def sound_file(clip: Path, media: str, *, cached_by: str) -> Response:
    """The file of ``clip``, or of its copy, in ranges if asked; it never changes.

    kept_by: ``public`` or ``private``, who may keep it. Raises Unavailable while the copy is being made.
    """
    path = clip if media == OGG else beside(clip)
    if not path.is_file():
        raise Unavailable("clip.copy_being_made")
    response = send_from_directory(path.parent.absolute(), path.name, mimetype=media, conditional=True)
    response.headers["Cache-Control"] = f"{cached_by}, {_FOREVER}"
    return response
