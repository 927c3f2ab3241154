"""What repairing a paste gives: the text, where each letter came from, and what was done, so that it can be undone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of a text and what stands there instead."""

    start: int
    """First character."""
    end: int
    """One past the last character."""
    now: str
    """The new characters."""


@dataclass(frozen=True, slots=True)
class DamagedPlace:
    """One stretch of the original text that was changed."""

    start: int
    """First character in the original."""
    end: int
    """One past the last character in the original."""
    was: str
    """The original characters."""
    now: str
    """What stands there now, before any later repair."""


@dataclass(frozen=True, slots=True)
class PasteDamage:
    """One kind of damage that was found."""

    kind: str
    """A kind of ``data/kinds.tsv``."""
    places: tuple[DamagedPlace, ...]
    """Where, in the order of the text; of ``lost`` the places are only shown."""


@dataclass(frozen=True, slots=True)
class Traced:
    """A text and where each of its characters stood in the original."""

    text: str
    """As it is now."""
    starts: Sequence[int]
    """For each character, its first character in the original."""
    ends: Sequence[int]
    """For each character, one past its last character in the original."""

    @classmethod
    def of(cls, text: str) -> "Traced":
        """The original itself."""
        return cls(text, range(len(text)), range(1, len(text) + 1))

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original behind ``text[start:end]``."""
        if start >= end:
            at = self.starts[start] if start < len(self.starts) else (self.ends[-1] if self.ends else 0)
            return at, at
        return self.starts[start], self.ends[end - 1]

    def edited(self, edits: Iterable[Edit]) -> "Traced":
        """The text after edits that stand in order and do not overlap."""
        out: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        at = 0
        for edit in edits:
            out.append(self.text[at : edit.start])
            starts += self.starts[at : edit.start]
            ends += self.ends[at : edit.start]
            first, last = self.origin(edit.start, edit.end)
            out.append(edit.now)
            starts += [first] * len(edit.now)
            ends += [last] * len(edit.now)
            at = edit.end
        return Traced("".join([*out, self.text[at:]]), [*starts, *self.starts[at:]], [*ends, *self.ends[at:]])


@dataclass(frozen=True, slots=True)
class Repaired:
    """A paste made readable."""

    original: str
    """What was pasted: putting it back undoes everything."""
    traced: Traced
    """The text now, with its origins."""
    findings: tuple[PasteDamage, ...]
    """What was found, in the order of repair; empty for an ordinary text."""

    @property
    def text(self) -> str:
        """The text now."""
        return self.traced.text

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds found."""
        return tuple(finding.kind for finding in self.findings)
