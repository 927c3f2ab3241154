"""Typed text made regular: one spelling per letter, one kind of dash and quote, no pictures; offsets are kept."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from broadcaster.text.language.lexicon import table
from broadcaster.text.page.script import Span

_LETTERS = "A-Za-zÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ"
_REGULAR = re.compile(rf"[{_LETTERS}0-9 \n.,;:!?()/%+\"'=@_-]*")
_RUN = re.compile(rf"[{_LETTERS}0-9.,;:!?()/%+\"'=@_-]{{2,}}+(?: [{_LETTERS}0-9.,;:!?()/%+\"'=@_-]++)*+")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>\n]{0,200}>|<!--|-->|&(?:nbsp|ensp|emsp|quot|amp|lt|gt|#\d{1,6});")
_ENTITIES = {"&quot;": '"', "&amp;": "&", "&lt;": "<", "&gt;": ">"}
# " - " stands for a bullet: the spaces around it are part of the meaning and the table strips them.
_SPACED = {"bullet": " - ", "pause": ", "}
_LOOK_ALIKES = {row[0]: _SPACED.get(row[2], row[1]) for row in table("look_alikes")}
_EXPONENTS = {"²": "2", "³": "3"}
_PRESERVED = frozenset("½¼¾⅓⅔⅕⅛²³")
_BREAKS = frozenset("\n\v\f\x85\u2028\u2029")


@dataclass(frozen=True, slots=True)
class CleanText:
    """The regular text and where each of its characters stood in the original."""

    text: str
    """NFC, one space between words, no space at the edges of a line."""
    starts: Sequence[int]
    """For each character of ``text``, its first character in the original."""
    ends: Sequence[int]
    """For each character of ``text``, one past its last character in the original."""

    def source(self, start: int, end: int) -> Span:
        """The original stretch behind ``text[start:end]``."""
        if end <= start:
            return Span(self.starts[start], self.starts[start]) if start < len(self.starts) else Span(0, 0)
        return Span(self.starts[start], self.ends[end - 1])


def is_regular(text: str) -> bool:
    """Whether a text has nothing but letters of Vietnamese, figures and everyday marks."""
    return _REGULAR.fullmatch(text) is not None


def clean(text: str) -> CleanText:
    """Make a typed or pasted text regular. Takes anything, in time linear in its length."""
    if _REGULAR.fullmatch(text) and not _has_loose_spaces(text):
        return CleanText(text, range(len(text)), range(1, len(text) + 1))
    letters = _Letters()
    at = 0
    for markup in _MARKUP.finditer(text):
        letters.add_stretch(text, at, markup.start())
        letters.add(_ENTITIES.get(markup.group(), " "), markup.start(), markup.end())
        at = markup.end()
    letters.add_stretch(text, at, len(text))
    return letters.finish()


def _has_loose_spaces(text: str) -> bool:
    return "  " in text or " \n" in text or "\n " in text or text[:1] == " " or text[-1:] == " "


class _Letters:
    def __init__(self) -> None:
        self._out: list[str] = []
        self._starts: list[int] = []
        self._ends: list[int] = []

    def add_stretch(self, text: str, start: int, end: int) -> None:
        """Add ``text[start:end]``, a letter and its loose marks at a time."""
        at = start
        while at < end:
            run = _RUN.match(text, at, end)
            if run:
                at = self._add_run(run.group(), at, end)
                continue
            stop = at + 1
            while stop < end and unicodedata.combining(text[stop]):
                stop += 1
            cluster = text[at:stop]
            # A pasted "zalgo" stack is cut: no letter of Vietnamese carries more than two marks.
            self.add(_regular(cluster[:4]), at, stop)
            at = stop

    def _add_run(self, run: str, start: int, end: int) -> int:
        """Add regular letters as they stand; those before ``end`` without the last, which may carry a loose mark."""
        stop = start + len(run)
        if stop < end:
            run, stop = run[:-1], stop - 1
        self._out += run
        self._starts += range(start, stop)
        self._ends += range(start + 1, stop + 1)
        return stop

    def add(self, letters: str, start: int, end: int) -> None:
        for letter in letters:
            last = self._out[-1] if self._out else "\n"
            if letter == " " and last in " \n":
                continue
            if letter == "\n" and last == " ":
                self._drop()
            self._out.append(_EXPONENTS.get(letter, letter) if last.isalpha() else letter)
            self._starts.append(start)
            self._ends.append(end)

    def finish(self) -> CleanText:
        while self._out and self._out[-1] == " ":
            self._drop()
        return CleanText("".join(self._out), self._starts, self._ends)

    def _drop(self) -> None:
        self._out.pop()
        self._starts.pop()
        self._ends.pop()


@lru_cache(maxsize=20_000)
def _regular(cluster: str) -> str:
    """What one typed character (with its loose marks) stands for."""
    composed = unicodedata.normalize("NFC", cluster)
    return "".join(_regular_letter(letter) for letter in composed)


def _regular_letter(letter: str) -> str:
    if letter in _LOOK_ALIKES:
        return _LOOK_ALIKES[letter]
    if letter in _BREAKS:
        return "\n"
    if letter in _PRESERVED or letter == "\t":
        return letter
    folded = unicodedata.normalize("NFKC", letter)
    if folded != letter:
        return "".join(_regular_letter(part) for part in folded if part != letter)
    return _preserved_or_blank(letter)


def _preserved_or_blank(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind == "Zs":
        return " "
    if kind in ("Cf", "Mn", "Mc", "Me") or letter == "\r":
        return ""
    if kind in ("So", "Sk", "Cc", "Co", "Cs", "Cn") and letter not in "°^":
        return " "
    return letter
