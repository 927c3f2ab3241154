"""What reading a text gives: the words to be said, where each came from, and what is doubtful."""

from collections.abc import Callable
from dataclasses import dataclass, field

from broadcaster.refusals.reasons import Reason
from broadcaster.refusals.sentences import sentence


@dataclass(frozen=True, slots=True)
class Span:
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


@dataclass(frozen=True, slots=True)
class SpokenSpan:
    """A stretch of ``Script.text`` and the input it was read from."""

    start: int
    """First character in ``Script.text``."""
    end: int
    """One past the last character in ``Script.text``."""
    source: Span
    """The input that is read by these words."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One breath for the voice."""

    text: str
    """Spoken words with sentence punctuation, never a digit or a symbol."""
    source: Span
    """The input this sentence was read from."""
    pause_ms: int
    """Silence after the sentence, in milliseconds."""


Stretch = tuple[int, int, int, int]
"""Where some words stand in ``Script.text`` and, in the clean text, what they were read from."""


@dataclass(frozen=True, slots=True)
class Script:
    """The exact words to be said. Lines of ``text`` are the paragraphs of the input."""

    text: str
    """All sentences; a space between sentences, a line feed between paragraphs."""
    sentences: tuple[Sentence, ...]
    """The sentences in order."""
    doubts: tuple[Doubt, ...]
    """What to look at, in the order of the input."""
    stretches: tuple[Stretch, ...] = ()
    """What :attr:`spans` is made of."""
    source: Callable[[int, int], Span] = field(default=Span, repr=False, compare=False)
    """From a stretch of the clean text to that of the input."""

    @property
    def spans(self) -> tuple[SpokenSpan, ...]:
        """Each reading with its source, in order, not overlapping in ``text``; made when asked for."""
        source = self.source
        return tuple(SpokenSpan(start, end, source(first, last)) for start, end, first, last in self.stretches)
