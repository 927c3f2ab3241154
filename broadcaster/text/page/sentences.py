"""Pieces put together: spaces, one mark at a time, sentences with their pauses, and where each word came from."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from broadcaster.text.language.lexicon import words
from broadcaster.text.language.numbers import DIGITS
from broadcaster.text.page.cleaning import CleanText
from broadcaster.text.page.cursor import SENTENCE_ENDS, SpokenPiece
from broadcaster.text.page.script import Sentence, Span, Stretch

_STRENGTH = {"": 0, ",": 1, ":": 2, ";": 3, ".": 4, "!": 5, "?": 6}
_FIGURES = frozenset(("number", "unit", "money", "time", "date", "phone", "account", "code", "roman"))
_NUMERALS = frozenset(DIGITS) | words("number_begins")
_GOES_ON = tuple(sorted(words("number_goes_on")))
"""What belongs to the figure behind it: 1 giờ 25 phút 30 giây, 17h 25/12."""
_ROUND = tuple(sorted(words("round_number_word")))
"""The last words of numbers that a "một" would go on."""
SENTENCE_PAUSE_MS = 500
PARAGRAPH_PAUSE_MS = 800


@dataclass(slots=True)
class SpokenPage:
    """The spoken text as it grows, a piece at a time."""

    clean: CleanText
    """The text the pieces were read from."""
    text: str = ""
    """Filled by :meth:`finish`."""
    sentences: list[Sentence] = field(default_factory=list)
    stretches: list[Stretch] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)
    _length: int = 0
    _sentence_at: int = -1
    """Where the running sentence begins in ``_parts``; -1 between sentences."""
    _source_start: int = 0
    _source_end: int = 0
    _figures_end: int = -1
    """Where the next word begins when the last one was a figure: "RON92 20.150" needs a pause in between."""
    _mark: str = ""
    _broken: bool = False

    def write(self, pieces: Iterable[SpokenPiece]) -> None:
        """Write the pieces down, one after the other."""
        for piece in pieces:
            words, _, end, kind = piece
            if kind == "mark":
                if self._sentence_at >= 0:
                    if _STRENGTH[words] > _STRENGTH[self._mark]:
                        self._mark = words
                    self._source_end = end
            elif kind == "break":
                self._broken = True
            elif words:
                if self._figures_end >= 0 and not self._mark and self._runs_together(piece):
                    self._mark = ","
                self._figures_end = end + 1 if kind in _FIGURES else -1
                if self._mark or self._broken:
                    self._close_if_ended()
                self._write(piece)

    def finish(self) -> None:
        """Close the last sentence and join everything."""
        self._broken = True
        self._close_if_ended()
        self.text = "".join(self._parts).rstrip("\n ")

    def _runs_together(self, piece: SpokenPiece) -> bool:
        """Whether a piece would be heard as the end of the number before it: "RON92 20.150", "110/kg"."""
        first, before = piece.words.partition(" ")[0], self._parts[-1]
        if piece.kind == "rate":
            over = self._figures_end == piece.start + 1 and before.endswith(_ROUND)
            return over and first == "một" and not before.endswith("phần trăm")
        adjacent = self._figures_end == piece.start and self.clean.text[piece.start - 1] == " "
        return piece.kind in _FIGURES and adjacent and first in _NUMERALS and not before.endswith(_GOES_ON)

    def _close_if_ended(self) -> None:
        """Write the mark that is due, and end the sentence when the mark or the line ends it."""
        if self._sentence_at >= 0:
            if self._broken and self._mark in ("", ","):
                self._mark = "."
            elif not self._broken and self._mark == "." and self._is_one_letter():
                # "a. Không" would be taken for a list label when it is read again.
                self._mark = ","
            ends = self._broken or self._mark in SENTENCE_ENDS
            self._append(self._mark)
            self._mark = ""
            if ends:
                self._close()
        self._broken = False

    def _is_one_letter(self) -> bool:
        return len(self._parts) == self._sentence_at + 1 and len(self._parts[-1]) == 1

    def _close(self) -> None:
        text = "".join(self._parts[self._sentence_at :])
        source = self.clean.source(self._source_start, self._source_end)
        pause = PARAGRAPH_PAUSE_MS if self._broken else SENTENCE_PAUSE_MS
        self.sentences.append(Sentence(text, source, pause))
        self._append("\n" if self._broken else " ")
        self._sentence_at = -1

    def _write(self, piece: SpokenPiece) -> None:
        words, first, last, kind = piece
        parts, start = self._parts, self._length
        if self._sentence_at >= 0:
            # Between two sentences stands a space or a line feed already.
            parts.append(" ")
            start += 1
        else:
            self._sentence_at = len(parts)
            self._source_start = first
            if words[1:2] not in ("", " ") or not words[0].isascii():
                words = words[0].upper() + words[1:]
        if words[-1] == ",":
            words, self._mark = words[:-1], ","
        if words:
            parts.append(words)
        self._length = end = start + len(words)
        self.stretches.append((start, end, first, last, kind == "run"))
        self._source_end = last

    def _append(self, text: str) -> None:
        if text:
            self._parts.append(text)
            self._length += len(text)


def span_of(clean: CleanText, piece: SpokenPiece) -> Span:
    """The original characters behind a piece."""
    return clean.source(piece.start, piece.end)
