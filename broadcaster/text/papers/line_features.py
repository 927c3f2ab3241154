"""One line as the rules see it: its cells, its folded text, and what its shape alone tells."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from broadcaster.text.papers.folding import fold
from broadcaster.text.papers.knowledge import holds, without_naming

_MARKDOWN = re.compile(r"^\s{0,3}(?:#{1,6}\s+|>\s+)|\*\*|__|~~|^\s*\\")
_EMPHASIS = re.compile(r"^([*_])(?=\S)(.+)(?<=\S)\1$")
_MARKED_CELLS = re.compile(r"\s*[|│┃]\s*|\t+ *")
_WIDE_GAPS = re.compile(r"[ \u2003\u00a0]{3,}")
_BULLET = re.compile(
    r"(?P<mark>[-+*•●○▪■□◦‣∙·►▶➢➤✓✔❖※–—]|\(?\d{1,2}(?:\.\d{1,2}){0,3}[.)/]?(?=[ \t])|\(?\d{1,2}(?:\.\d{1,2}){0,3}[.)/-]"
    r"|\(?[a-zđA-ZĐ][.)](?=\s)|[IVX]{1,5}[.)/-]|Điều \d+[.:])\s*(?=\S)"
)
_ENDS = re.compile(r"[.!?;:…,](?:/\.)?[\"”’')\]]*$|\./\.?$")
_FULL_STOP = re.compile(r"[.!?…][\"”’')\]]*$|\./\.?$")


@dataclass(frozen=True)
class LineFeatures:
    """A line and what can be seen of it without its neighbours."""

    raw: str
    """As given."""

    @cached_property
    def plain(self) -> str:
        """Composed, without Markdown and invisible letters, without blanks at the edges."""
        text = unicodedata.normalize("NFC", self.raw).replace("\u200b", "").replace("\ufeff", "").replace("\r", "")
        return _EMPHASIS.sub(r"\2", _MARKDOWN.sub("", text).strip())

    @cached_property
    def cells(self) -> tuple[str, ...]:
        """The parts that tabs, bars or wide gaps set apart; empty parts are left out."""
        cut = _MARKED_CELLS if _MARKED_CELLS.search(self.plain) else _WIDE_GAPS
        return tuple(cell.strip() for cell in cut.split(self.plain) if cell.strip())

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The same parts with the empty ones kept between bars or tabs: what a table counts."""
        inner = re.sub(r"^\s*\||\|\s*$", "", _MARKDOWN.sub("", self.raw.rstrip("\r\n")))
        mark = r"\|" if "|" in inner else r"\t" if "\t" in inner else r" {3,}"
        return tuple(cell.strip() for cell in re.split(mark, inner if mark == r"\t" else inner.strip()))

    @cached_property
    def folded(self) -> str:
        """The plain text without marks and in lower case."""
        return fold(self.plain.replace("|", " "))

    @cached_property
    def words(self) -> int:
        """How many words stand in the line."""
        return sum(any(letter.isalnum() for letter in word) for word in self.folded.split())

    @cached_property
    def blank(self) -> bool:
        """Nothing that can be seen."""
        return not self.raw.strip("\u200b\ufeff \t\r\f\xa0")

    @cached_property
    def ornament(self) -> bool:
        """No letter and no digit: dashes, stars, a row of pictures; or "-----o0o-----"."""
        letters = [letter for letter in self.folded if letter.isalnum()]
        return not self.blank and (
            not letters or bool(re.fullmatch(r"[\W_]+[o0]{2,3}[\W_]+|[\W_]*o0o[\W_]*", self.folded))
        )

    @cached_property
    def capitals(self) -> bool:
        """Written in capitals throughout."""
        return in_capitals(self.plain)

    @cached_property
    def bullet(self) -> str:
        """The mark of a list that the line begins with: "-", "1.", "a)"; or ""."""
        found = _BULLET.match(self.plain)
        if found is None or (found["mark"] == "*" and len(self.cells) > 1 and self.cells[0] == "*"):
            return ""
        return found["mark"]

    @cached_property
    def inner(self) -> str:
        """The plain text after the mark of a list."""
        found = _BULLET.match(self.plain)
        return self.plain[found.end() :] if found else self.plain

    @cached_property
    def ended(self) -> bool:
        """Ends with a mark of punctuation."""
        return bool(_ENDS.search(self.plain))

    @cached_property
    def full_stop(self) -> bool:
        """Ends as a sentence ends."""
        return bool(_FULL_STOP.search(self.plain))

    @cached_property
    def says_something(self) -> bool:
        """Holds a word that makes a sentence."""
        return says_something(self.plain)


def in_capitals(text: str) -> bool:
    """Whether nine letters of ten are capitals, and there are at least two."""
    letters = [letter for letter in text if letter.isalpha()]
    return len(letters) > 1 and sum(letter.isupper() for letter in letters) >= 0.9 * len(letters)


def says_something(text: str) -> bool:
    """Whether a text holds a word that makes a sentence; "ban tổ chức" and "(đã ký)" do not."""
    without_names = without_naming(text)
    return holds(without_names, "verb") or bool(re.search(r"\b(?:tổ chức|to chuc)\b", without_names))
