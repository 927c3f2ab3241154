"""The commune's reading dictionary (từ điển đọc): how this commune says its own words."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from broadcaster.refusals.reasons import Reason
from broadcaster.text.language.lexicon import words
from broadcaster.text.page.cleaning import clean

_HEADER = ("written", "reading", "match_case", "whole_word")
_YES = words("yes_cell")
_NO = words("no_cell")


class DictionaryError(ValueError):
    """A reading dictionary that cannot be used: why, and in which line of it."""

    def __init__(self, reason: Reason, *, line: int = 0) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.line = line


@dataclass(frozen=True, slots=True)
class ReadingEntry:
    """One line of the commune's reading dictionary."""

    written: str
    """How it stands in announcements; one word or several."""
    reading: str
    """The Vietnamese words to be said for it."""
    match_case: bool = False
    """Whether capitals must be the same."""
    whole_word: bool = True
    """Whether it must stand alone, not inside a longer word."""


@dataclass(frozen=True)
class ReadingDictionary:
    """Entries in the order they were added; a later entry for the same writing wins. Never changes."""

    entries: tuple[ReadingEntry, ...] = ()
    """All entries."""

    @cached_property
    def version(self) -> str:
        """A short hash of the content, part of a clip's hash."""
        return hashlib.sha256(self.to_tsv().encode()).hexdigest()[:12]

    @classmethod
    def from_tsv(cls, content: str) -> "ReadingDictionary":
        """Read ``written<TAB>reading[<TAB>match_case[<TAB>whole_word]]`` lines; "#" begins a comment line.

        Raises :class:`DictionaryError` naming the line and what to do.
        """
        entries = []
        for number, line in enumerate(content.lstrip("\ufeff").splitlines(), start=1):
            cells = [cell.strip() for cell in line.split("\t")]
            if line.strip() and not line.startswith("#") and tuple(cells) != _HEADER:
                entries.append(_entry(cells, number))
        return cls(tuple(entries))

    def to_tsv(self) -> str:
        """The same content as :meth:`from_tsv` reads."""
        lines = ["\t".join(_HEADER)]
        for entry in self.entries:
            flags = (str(int(entry.match_case)), str(int(entry.whole_word)))
            lines.append("\t".join((entry.written, entry.reading, *flags)))
        return "\n".join(lines) + "\n"

    @cached_property
    def _known(self) -> dict[str, ReadingEntry]:
        return {_key(_clean(entry.written), entry.match_case): entry for entry in self.entries}

    @cached_property
    def _shape(self) -> re.Pattern[str] | None:
        alternatives = sorted(
            (_shape_of(entry) for entry in self.entries if _clean(entry.written)), key=len, reverse=True
        )
        return re.compile("|".join(alternatives)) if alternatives else None

    def find(self, text: str) -> "dict[int, FoundEntry]":
        """Where entries stand in a clean text, by their first character, in order and never overlapping."""
        if not self.entries or self._shape is None:
            return {}
        found: dict[int, FoundEntry] = {}
        for match in self._shape.finditer(text):
            entry = self._known.get(_key(match.group(), True)) or self._known.get(_key(match.group(), False))
            if entry is not None:
                found[match.start()] = FoundEntry(match.end(), entry.reading)
        return found


class FoundEntry(NamedTuple):
    """An entry that stands in a text."""

    end: int
    """One past its last character."""
    reading: str
    """The words to be said for it."""


EMPTY = ReadingDictionary()
"""A commune that has not added anything yet."""


def dictionary_of(entries: Iterable[ReadingEntry]) -> ReadingDictionary:
    """A dictionary of these entries."""
    return ReadingDictionary(tuple(entries))


def _clean(written: str) -> str:
    """As the text it is looked for in: an entry may be typed with loose marks or look-alike letters as well."""
    return clean(written).text


def _key(written: str, match_case: bool) -> str:
    return "=" + written if match_case else "~" + written.lower()


def _shape_of(entry: ReadingEntry) -> str:
    shape = re.escape(_clean(entry.written))
    if entry.whole_word:
        shape = rf"(?<![^\W_]){shape}(?![^\W_])"
    return shape if entry.match_case else f"(?i:{shape})"


def _entry(cells: list[str], number: int) -> ReadingEntry:
    if len(cells) < 2 or not cells[0] or not cells[1]:
        raise DictionaryError(Reason("dictionary.columns_missing"), line=number)
    if len(cells) > 4:
        raise DictionaryError(Reason("dictionary.too_many_columns", count=len(cells)), line=number)
    if not any(letter.isalpha() for letter in cells[1]) or re.search(r"[\d%@/$#&+=<>*]", cells[1]):
        raise DictionaryError(Reason("dictionary.reading_with_signs", reading=cells[1]), line=number)
    flags = [_flag(cell, number) for cell in cells[2:]]
    return ReadingEntry(cells[0], cells[1], *flags)


def _flag(cell: str, number: int) -> bool:
    if cell.lower() in _YES | _NO:
        return cell.lower() in _YES
    raise DictionaryError(Reason("dictionary.flag_unknown", written=cell), line=number)
