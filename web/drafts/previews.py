"""What will be heard, before it is: the words, the doubtful places, the length; and the clips themselves."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for

from broadcaster.errors import Invalid, LoaError
from broadcaster.speech import AUTO
from broadcaster.station.announcements import announcements
from broadcaster.station.clips import dictionary, station_clips, voices
from broadcaster.station.clips.station_clips import StationWords
from broadcaster.text import Doubt, Script
from broadcaster.text.papers import read_paper
from web.drafts import corrections, unmarked
from web.drafts.unmarked import MarkedPiece
from web.forms.parsing import figures
from web.security.access import asks, somewhere
from web.shell.request_context import Context, changing, reading
from web.shell.telling import said

blueprint = Blueprint("previews", __name__)

SYLLABLES_A_MINUTE = 190
"""How fast a village announcement is read."""
LONGEST_SENTENCE = 1_000
"""Characters of spoken words that are said alone."""
CHIME_MS = 4_000
PAUSE_BETWEEN_REPEATS_MS = 2_000


_PAPER_ROLES = {"header", "motto", "number", "recipients", "signature"}

PreviewPiece = tuple[str, Doubt | None]
"""Words, and the doubt about them."""


@dataclass(frozen=True, slots=True)
class PreviewSentence:
    """words: one sentence; pieces: the same, with the space before it, cut where a doubt begins and ends."""

    words: str
    pieces: list[PreviewPiece]


@dataclass(frozen=True, slots=True)
class Preview:
    """The words of a text, in pieces.

    sentences: in order.
    doubts: everything the officer should look at.
    estimated_ms: how long it will sound.
    problem: why there are no words, a sentence; empty when there are.
    teachable: whether this person may save how a doubtful word is read.
    refused: why a reading that was just given was not saved.
    unread_lines: lines of an official paper that need not be said.
    marks: the text as typed, cut where marks are suggested; empty when it has its marks.
    """

    sentences: list[PreviewSentence]
    doubts: tuple[Doubt, ...]
    estimated_ms: int
    problem: LoaError | None = None
    teachable: bool = False
    refused: LoaError | None = None
    unread_lines: int = 0
    marks: Sequence[MarkedPiece] = ()


def of(
    c: Context, text: str, *, rate_percent: str = "100", repeats: str = "1", refused: LoaError | None = None
) -> Preview | None:
    """The preview of a text as typed; None when there is nothing to read yet."""
    if not text.strip():
        return None
    try:
        script = announcements.preview(c.s, text)
    except LoaError as error:
        return Preview([], (), 0, error)
    length = estimated_ms(script.text, rate_percent=_number(rate_percent, 100), repeats=_number(repeats, 1))
    teachable = bool(script.doubts and dictionary.scopes(c.s, by=c.by))
    return Preview(
        sentences(script),
        script.doubts,
        length,
        teachable=teachable,
        refused=refused,
        unread_lines=unread_lines(text),
        marks=unmarked.difference(text),
    )


def unread_lines(text: str) -> int:
    """How many lines of a text are a paper's header, grounds, recipients or signature; none when it is no paper."""
    roles = [line.role for line in read_paper(text).lines if not line.spoken and line.role != "blank"]
    return len(roles) if _PAPER_ROLES & set(roles) else 0


def estimated_ms(script: str, *, rate_percent: int, repeats: int) -> int:
    spoken = len(script.split()) * 60_000 * 100 // (SYLLABLES_A_MINUTE * rate_percent)
    return CHIME_MS + spoken * repeats + PAUSE_BETWEEN_REPEATS_MS * (repeats - 1)


def sentences(script: Script) -> list[PreviewSentence]:
    """The script sentence by sentence."""
    said, left, at = [], pieces(script), 0
    for sentence in script.sentences:
        end = script.text.index(sentence.text, at) + len(sentence.text)
        own, left = _split(left, end - at)
        said.append(PreviewSentence(sentence.text, own))
        at = end
    return said


def _split(row: list[PreviewPiece], length: int) -> tuple[list[PreviewPiece], list[PreviewPiece]]:
    """The pieces of the first so many characters, and those after them."""
    first: list[PreviewPiece] = []
    rest = list(row)
    while rest and length > 0:
        words, doubt = rest.pop(0)
        first.append((words[:length], doubt))
        if len(words) > length:
            rest.insert(0, (words[length:], doubt))
        length -= len(words)
    return first, rest


def pieces(script: Script) -> list[PreviewPiece]:
    """The script cut where a doubtful reading begins and ends."""
    cut: list[PreviewPiece] = []
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
    number = figures(text, most=4)
    return number if number is not None and 0 < number <= 1000 else otherwise


@blueprint.post("/preview")
@asks(somewhere("write"))
def preview() -> str:
    form = request.form
    refused = corrections.take(form) if "fix" in form else None
    with reading() as c:
        shown = of(
            c,
            form.get("text", ""),
            rate_percent=form.get("rate_percent", ""),
            repeats=form.get("repeats", ""),
            refused=refused,
        )
    return render_template("drafts/preview.html", preview=shown, listenable=True)


@blueprint.post("/preview/sentence")
@asks(somewhere("write", "manage_people"))
def sentence() -> dict[str, str | None]:
    """Where the sound of one sentence lies; null while it is made, which is then asked for, or why it cannot be.

    ``note``, where it stands, says why another voice spoke than the one that was asked for.
    """
    words = " ".join(request.form.get("sentence", "").split())
    if not 0 < len(words) <= LONGEST_SENTENCE:
        raise Invalid("preview.sentence_unusable")
    voice = request.form.get("voice") or AUTO
    voices.check(voice)
    saying = StationWords(words, voice=voice)
    with reading() as c:
        made, error = station_clips.standing(c.s, saying)
        known = made is not None or station_clips.is_asked(c.s, saying)
    if not known:
        with changing() as c:
            made = station_clips.want(c.s, saying, now_at=c.now_at)
    clip = url_for("clips.ogg", sha256=made.sha256) if made else None
    answer = {"clip": clip, "error": said(error) if error else None}
    if made is not None and made.fallback_reason is not None:
        answer["note"] = said(made.fallback_reason)
    return answer
