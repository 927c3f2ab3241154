"""Where the reader stands in the text, and what it has said so far: the context every rule decides by."""

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from broadcaster.refusals.reasons import Reason

SENTENCE_ENDS = frozenset(".!?")
_new_tuple = tuple.__new__
_MOST_BEGINNINGS = 10_000
_LONG_RUN = 9
"""Characters; runs of so many and more are not told apart."""


class SpokenPiece(NamedTuple):
    """One reading: some written characters and the words said for them.

    ``kind`` is ``word``, ``number``, ``unit``, ``money``, ``time``, ``date``, ``phone``, ``account``, ``code``,
    ``roman``, ``rate``, ``mark`` (``words`` is punctuation), ``break`` (a new paragraph) or, inside the cursor, ``run``
    (ordinary words and their commas, said as they stand). A tuple, because an announcement has a thousand of them.
    """

    words: str
    start: int
    """First character in the clean text."""
    end: int
    """One past the last character in the clean text."""
    kind: str


class RuleReading(NamedTuple):
    """What a rule answers: the words, how far it read, and what an officer should know about it."""

    words: str
    end: int
    """One past the last character that was read."""
    kind: str = "word"
    doubt: str = ""
    """A kind of :class:`Doubt`, or "" when the reading is sure."""
    reason: Reason | None = None
    """What goes with the doubt; None when the reading is sure."""


@dataclass(slots=True)
class TextCursor:
    """The reader's finger on the page."""

    text: str
    """The whole clean text."""
    at: int = 0
    """The character under the finger."""
    limit: int = sys.maxsize
    """Where the commune's own next reading begins: no rule reads into it."""
    capitals: bool = False
    """Whether the current line is written in capitals."""
    pieces: list[SpokenPiece] = field(default_factory=list)
    """Everything read so far; what was passed at once is one piece until somebody asks for its words."""
    before: list[str] = field(default_factory=list)
    """The spoken words of this sentence so far, lower case."""

    def last(self, back: int = 1) -> SpokenPiece | None:
        """The piece read ``back`` steps ago, or None."""
        pieces = self.pieces
        if pieces and (back > 1 or pieces[-1].kind == "run"):
            self._part_runs(back)
        return pieces[-back] if len(pieces) >= back else None

    def latest(self, count: int) -> list[SpokenPiece]:
        """The last ``count`` pieces, in order."""
        self._part_runs(count)
        return self.pieces[-count:]

    def _part_runs(self, count: int) -> None:
        """Part the runs among the last ``count`` pieces into words and commas."""
        pieces = self.pieces
        at, seen = len(pieces), 0
        while at and seen < count:
            at -= 1
            if pieces[at].kind == "run":
                pieces[at : at + 1] = parted = list(parts_of_run(pieces[at]))
                seen += len(parted)
            else:
                seen += 1

    def last_kind(self) -> str:
        """The kind of the piece just read; ``break`` at the very start."""
        kind = self.pieces[-1].kind if self.pieces else "break"
        return "word" if kind == "run" else kind

    def last_word(self) -> str:
        """The word just said in this sentence, or ""."""
        return self.before[-1] if self.before else ""

    def said(self, words: frozenset[str], *, within: int) -> bool:
        """Whether one of ``words`` is among the last few words said in this sentence."""
        return not words.isdisjoint(self.before[-within:])

    def at_line_start(self) -> bool:
        """Whether nothing but a bullet stands before the finger on this line."""
        for piece in reversed(self.pieces):
            if piece.words and piece.kind != "mark":
                return False
            if piece.kind == "break":
                return True
        return True

    def touching(self) -> bool:
        """Whether the character before the finger is not a space."""
        return self.at > 0 and self.text[self.at - 1] not in " \n\t"

    def after_day(self) -> bool:
        """Whether a day or an hour and a colon stand before the finger: "T2: A. Hoàng" names who is on duty."""
        last, before = self.last(), self.last(2)
        if last is None or before is None or last.words != ":":
            return False
        return before.kind in ("date", "time") or before.words == "chủ nhật"

    def after_capitals(self) -> bool:
        """Whether the word before the finger is written in capitals, as headings are."""
        last = self.last()
        return last is not None and last.end - last.start > 1 and self.text[last.start : last.end].isupper()

    def next_word(self, start: int) -> str:
        """The written word that follows ``start`` after at most one space, lower case, or ""."""
        found = _WORD.match(self.text, start)
        return found[1].lower() if found else ""

    def put_run(self, words: str, low: list[str]) -> None:
        """Write ordinary words down that are said as they stand, a comma behind the last of them too."""
        comma = words[-1] == ","
        end = self.at + len(words)
        run = words[:-1] if comma else words
        # The class is made as a tuple is: its own constructor costs as much as all the rest.
        self.pieces.append(_new_tuple(SpokenPiece, (run, self.at, end - comma, "run")))
        self.before += low
        if comma:
            self.pieces.append(_new_tuple(SpokenPiece, (",", end - 1, end, "mark")))
        self.at = end

    def put_mark(self, mark: str) -> None:
        """Write the mark under the finger down as it stands."""
        self.pieces.append(_new_tuple(SpokenPiece, (mark, self.at, self.at + 1, "mark")))
        if mark in SENTENCE_ENDS:
            self.before.clear()
        self.at += 1

    def put(self, reading: RuleReading) -> None:
        """Write a reading down and move the finger behind it."""
        words, end, kind = reading[:3]
        self.pieces.append(_new_tuple(SpokenPiece, (words, self.at, end, kind)))
        if kind == "mark":
            if words in SENTENCE_ENDS:
                self.before.clear()
        elif kind == "break":
            self.before.clear()
        elif words:
            self.before += _LOW_WORDS[words]
        self.at = end

    def take_back(self) -> None:
        """Take the last piece back, a word that goes on under the finger."""
        self._part_runs(1)
        piece = self.pieces.pop()
        del self.before[len(self.before) - len(piece.words.split()) :]
        self.at = piece.start


class _LowWords(dict[str, list[str]]):
    """Readings -> their words in lower case."""

    def __missing__(self, words: str) -> list[str]:
        if len(self) > _MOST_BEGINNINGS:
            self.clear()
        self[words] = low = words.lower().replace(",", "").split()
        return low


_LOW_WORDS = _LowWords()


def parts_of_run(run: SpokenPiece) -> Iterator[SpokenPiece]:
    """The words and the commas of a run, each a piece."""
    at = run.start
    for chunk in run.words.split(" "):
        word = chunk.rstrip(",")
        end = at + len(word)
        yield _new_tuple(SpokenPiece, (word, at, end, "word"))
        if word is not chunk and len(chunk) > len(word):
            yield _new_tuple(SpokenPiece, (",", end, end + 1, "mark"))
        at += len(chunk) + 1


class ReadingRule(NamedTuple):
    """A shape in the text and how it is read; ``read`` may answer None: "not mine after all"."""

    shape: re.Pattern[str]
    read: Callable[[TextCursor, re.Match[str]], RuleReading | None]
    lead: str = ""
    """The characters its shape can begin with; "" for any. It spares asking a shape that cannot match."""
    after: str | None = None
    """The characters that can follow the first run of figures or of letters; None for any."""
    apart: str = ""
    """The characters that can follow that run and a space."""
    shortest: int = 1
    """Characters of the shortest such run the shape can begin with."""
    longest: int = sys.maxsize
    """Characters of the longest such run the shape can begin with."""


_WORD = re.compile(r" ?([^\W\d_]{1,40})")
_RUN = re.compile(r"\d+|[^\W\d_]+|")


Beginning = tuple[str, int, str, str]
"""The first character of a stretch, how long its first run is, what follows that run, and what a space behind it."""


class RuleIndex:
    """Rules in their order, found by how a stretch of text begins."""

    def __init__(self, rules: Iterable[ReadingRule]) -> None:
        self.rules = tuple(rules)
        """All of them, in their order."""
        self._by_beginning: dict[Beginning, tuple[ReadingRule, ...]] = {}

    def at(self, text: str, at: int) -> tuple[ReadingRule, ...]:
        """The rules whose shape can stand at ``at``."""
        first = text[at]
        end = _RUN.match(text, at).end() if first.isalnum() else at + 1  # type: ignore[union-attr]
        after = text[end : end + 1]
        length = end - at if end - at < _LONG_RUN else _LONG_RUN
        beginning = (first, length, after, text[end + 1 : end + 2] if after == " " else "")
        found = self._by_beginning.get(beginning)
        return self._beginning_so(beginning) if found is None else found

    def _beginning_so(self, beginning: Beginning) -> tuple[ReadingRule, ...]:
        if len(self._by_beginning) > _MOST_BEGINNINGS:
            self._by_beginning.clear()
        found = tuple(rule for rule in self.rules if _can_stand(rule, beginning))
        self._by_beginning[beginning] = found
        return found


def _can_stand(rule: ReadingRule, beginning: Beginning) -> bool:
    first, length, after, apart = beginning
    if rule.lead and first not in rule.lead:
        return False
    if length < min(rule.shortest, _LONG_RUN) or length > rule.longest:
        return False
    if rule.after is None or not first.isalnum():
        return True
    return apart in rule.apart if apart else bool(after) and after in rule.after


def first_reading(cursor: TextCursor, rules: RuleIndex) -> RuleReading | None:
    """The answer of the first rule whose shape stands under the cursor and who accepts it."""
    text, at, limit = cursor.text, cursor.at, cursor.limit
    for rule in rules.at(text, at):
        found = rule.shape.match(text, at, limit)
        if found:
            reading = rule.read(cursor, found)
            if reading is not None:
                return reading
    return None
