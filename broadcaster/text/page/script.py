"""What reading a text gives: the words to be said, where each came from, and what is doubtful."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from broadcaster.refusals.reasons import Reason
from broadcaster.refusals.sentences import sentence


class Span(NamedTuple):
    """A half-open stretch of the text as the officer typed it."""

    start: int
    """First character, counted from 0 in the original input."""
    end: int
    """One past the last character."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A reading the officer should look at before it is heard by a village."""

    span: Span
    """Where it stands in the original input."""
    written: str
    """The original characters."""
    reading: str
    """What will be said; empty when nothing is said."""
    kind: str
    """``low_confidence``, ``unknown_acronym``, ``missing_marks``, ``missing_letters`` or ``unreadable``."""
    reason: Reason
    """What is doubtful and what to do, for the officer."""
    suggestion: str = ""
    """What was probably meant, for text typed without marks; never applied by itself."""

    def facts(self) -> dict[str, str | int]:
        """The doubt as ``loa normalize --jsonl --explain`` and ``loa say --json`` print it, in Vietnamese."""
        return {
            "start": self.span.start,
            "end": self.span.end,
            "written": self.written,
            "reading": self.reading,
            "kind": self.kind,
            "reason": sentence(self.reason),
            "code": self.reason.code,
            "suggestion": self.suggestion,
        }


class SpokenSpan(NamedTuple):
    """A stretch of ``Script.text`` and the input it was read from."""

    start: int
    """First character in ``Script.text``."""
    end: int
    """One past the last character in ``Script.text``."""
    source: Span
    """The input that is read by these words."""


class Sentence(NamedTuple):
    """One breath for the voice."""

    text: str
    """Spoken words with sentence punctuation, never a digit or a symbol."""
    source: Span
    """The input this sentence was read from."""
    pause_ms: int
    """Silence after the sentence, in milliseconds."""


Stretch = tuple[int, int, int, int, bool]
"""Where some words stand in ``Script.text`` and, in the clean text, what they were read from; last, whether they are
several ordinary words, each said as it is written."""
_CHUNK = re.compile(r"[^ ,]+")


@dataclass(frozen=True, slots=True)
class Script:
    """The exact words to be said. Lines of ``text`` are the paragraphs of the input."""

    text: str
    """All sentences; a space between sentences, a line feed between paragraphs."""
    sentences: tuple[Sentence, ...]
    """The sentences in order."""
    doubts: tuple[Doubt, ...]
    """What to look at, in the order of the input."""
    stretches: tuple[Stretch, ...] = field(default=(), compare=False)
    """What :attr:`spans` is made of."""
    source: Callable[[int, int], Span] = field(default=Span, repr=False, compare=False)
    """From a stretch of the clean text to that of the input."""

    @property
    def spans(self) -> tuple[SpokenSpan, ...]:
        """Each reading with its source, in order, not overlapping in ``text``; made when asked for."""
        source = self.source
        return tuple(SpokenSpan(start, end, source(first, last)) for start, end, first, last in self._parted())

    def _parted(self) -> Iterator[tuple[int, int, int, int]]:
        for start, end, first, last, as_written in self.stretches:
            if not as_written:
                yield start, end, first, last
                continue
            shift = first - start
            for chunk in _CHUNK.finditer(self.text, start, end):
                yield chunk.start(), chunk.end(), chunk.start() + shift, chunk.end() + shift
