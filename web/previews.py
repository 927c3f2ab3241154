"""What will be heard, before it is: the words, the doubtful places, the length; and the clips themselves."""

from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request, send_from_directory

from broadcaster.errors import LoaError, NotFound
from broadcaster.station import announcements, dictionary
from broadcaster.station.schema import Clip
from broadcaster.text import Doubt, Script
from web import corrections
from web.desks import Desk, reading
from web.house import house

blueprint = Blueprint("previews", __name__)

SYLLABLES_A_MINUTE = 190
"""How fast a village announcement is read."""
CHIME_MS = 4_000
PAUSE_BETWEEN_REPEATS_MS = 2_000


@dataclass(frozen=True, slots=True)
class Preview:
    """The words of a text, in pieces.

    pieces: (words, the doubt about them or None), in order.
    doubts: everything the officer should look at.
    estimated_ms: how long it will sound.
    problem: why there are no words, a sentence; empty when there are.
    teachable: whether this person may save how a doubtful word is read.
    refused: why a reading that was just given was not saved.
    """

    pieces: list[tuple[str, Doubt | None]]
    doubts: tuple[Doubt, ...]
    estimated_ms: int
    problem: str = ""
    teachable: bool = False
    refused: LoaError | None = None


def of(
    d: Desk, text: str, *, rate_percent: str = "100", repeats: str = "1", refused: LoaError | None = None
) -> Preview | None:
    """The preview of a text as typed; None when there is nothing to read yet."""
    if not text.strip():
        return None
    try:
        script = announcements.preview(d.s, text)
    except LoaError as error:
        return Preview([], (), 0, str(error))
    length = estimated_ms(script.text, rate_percent=_number(rate_percent, 100), repeats=_number(repeats, 1))
    teachable = bool(script.doubts and dictionary.scopes(d.s, by=d.by))
    return Preview(pieces(script), script.doubts, length, teachable=teachable, refused=refused)


def estimated_ms(script: str, *, rate_percent: int, repeats: int) -> int:
    spoken = len(script.split()) * 60_000 * 100 // (SYLLABLES_A_MINUTE * rate_percent)
    return CHIME_MS + spoken * repeats + PAUSE_BETWEEN_REPEATS_MS * (repeats - 1)


def pieces(script: Script) -> list[tuple[str, Doubt | None]]:
    """The script cut where a doubtful reading begins and ends."""
    cut: list[tuple[str, Doubt | None]] = []
    at = 0
    doubts = sorted(script.doubts, key=lambda doubt: doubt.span.start)
    for span in script.spans:
        while doubts and doubts[0].span.end <= span.source.start:
            doubts.pop(0)
        if doubts and doubts[0].span.start < span.source.end and span.start >= at:
            cut += [(script.text[at : span.start], None), (script.text[span.start : span.end], doubts[0])]
            at = span.end
    return [piece for piece in [*cut, (script.text[at:], None)] if piece[0]]


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isdecimal() and 0 < int(text) <= 1000 else otherwise


@blueprint.post("/preview")
def preview() -> str:
    form = request.form
    refused = corrections.take(form) if "fix" in form else None
    with reading() as d:
        shown = of(
            d,
            form.get("text", ""),
            rate_percent=form.get("rate_percent", ""),
            repeats=form.get("repeats", ""),
            refused=refused,
        )
    return render_template("announcements/preview.html", preview=shown)


@blueprint.get("/clips/<sha256>.ogg")
def clip(sha256: str) -> Response:
    return send_clip(sha256)


def send_clip(sha256: str) -> Response:
    """The sound itself, in ranges if asked; it never changes. Raises NotFound."""
    with house().database.reading() as s:
        known = s.get(Clip, sha256)
    path = house().config.clips_dir / f"{sha256}.ogg"
    if known is None or not path.is_file():
        raise NotFound("Tệp phát này không còn trên máy chủ. Hãy mở lại bản tin và tạo lại tệp phát.")
    response = send_from_directory(path.parent.absolute(), path.name, mimetype="audio/ogg", conditional=True)
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response
