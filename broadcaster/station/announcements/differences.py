"""What changed in an announcement since somebody last decided about it: word by word, and fact by fact."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.station.clips.content import plain_content
from broadcaster.station.schema import Announcement, Decision
from broadcaster.station.vocabulary.states import DecisionAction

_WORD = re.compile(r"\s+|\S+")
_SENTENCE_END = (".", "!", "?", "…", ".”", '."')
_LONG = 3_000
"""Words; beyond, frequent ones are not looked at one by one, so that no page waits for a comparison."""


class WordChange(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class ChangedWords:
    """change; words: with the spaces between them."""

    change: WordChange
    words: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Since a decision.

    decision: the last that approved, returned or rejected it.
    text: the text as it was and is, in pieces; empty when no word changed.
    facts: fields that changed, by name (title, class, zones, valid_until_at, recording, versions, levy), each with what
        it was and is in plain values.
    """

    decision: Decision
    text: tuple[ChangedWords, ...]
    facts: dict[str, tuple[Any, Any]]

    @property
    def changed_sentences(self) -> tuple[tuple[ChangedWords, ...], ...]:
        """Only those with a change, in the order of the text; together all of ``text`` when every one has."""
        return tuple(each for each in sentences(self.text) if any(piece.change != WordChange.SAME for piece in each))

    @property
    def leaves_sentences(self) -> bool:
        """Whether some stayed as they were."""
        return len(self.changed_sentences) < len(sentences(self.text))

    @property
    def nothing(self) -> bool:
        """Whether it is what was decided about."""
        return not self.text and not self.facts


def since_last_decision(s: Session, announcement: Announcement) -> Difference | None:
    """None for an announcement nobody decided about yet."""
    judged = (DecisionAction.APPROVED, DecisionAction.RETURNED, DecisionAction.REJECTED)
    mine = select(Decision).where(Decision.announcement_id == announcement.id, Decision.action.in_(judged))
    decision = s.scalar(mine.order_by(Decision.number.desc()).limit(1))
    if decision is None or decision.content is None:
        return None
    before, now = decision.content, plain_content(announcement)
    facts = {
        name: (before[name], now[name]) for name in now if name != "text" and before.get(name, now[name]) != now[name]
    }
    text = pieces(before["text"], now["text"]) if before["text"] != now["text"] else ()
    return Difference(decision, text, facts)


def until_of(plain: str | None) -> datetime | None:
    """The end of validity as the facts have it."""
    return datetime.fromisoformat(plain) if plain else None


def pieces(before: str, now: str) -> tuple[ChangedWords, ...]:
    """Both texts in one row, word by word; what is gone stands before what took its place."""
    old, new = _WORD.findall(before), _WORD.findall(now)
    matcher = SequenceMatcher(None, old, new, autojunk=max(len(old), len(new)) > _LONG)
    return tuple(_pieces(matcher, old, new))


def sentences(row: tuple[ChangedWords, ...]) -> tuple[tuple[ChangedWords, ...], ...]:
    """The row cut where a sentence or line ends in both texts; what was put in anew is not cut inside."""
    found: list[tuple[ChangedWords, ...]] = []
    begun: list[ChangedWords] = []
    for piece in _cut(row):
        ends = piece.change == WordChange.SAME and piece.words.isspace() and bool(begun)
        _append(begun, piece)
        if ends and ("\n" in piece.words or _said(begun).endswith(_SENTENCE_END)):
            found.append(tuple(begun))
            begun = []
    return (*found, tuple(begun)) if begun else tuple(found)


def _cut(row: tuple[ChangedWords, ...]) -> Iterator[ChangedWords]:
    """What stayed word by word, the rest as it is."""
    for piece in row:
        if piece.change == WordChange.SAME:
            yield from (ChangedWords(WordChange.SAME, word) for word in _WORD.findall(piece.words))
        else:
            yield piece


def _append(begun: list[ChangedWords], piece: ChangedWords) -> None:
    if begun and begun[-1].change == piece.change:
        piece = ChangedWords(piece.change, begun.pop().words + piece.words)
    begun.append(piece)


def _said(begun: list[ChangedWords]) -> str:
    """How a begun sentence reads now."""
    return "".join(piece.words for piece in begun if piece.change != WordChange.GONE).rstrip()


def _pieces(matcher: "SequenceMatcher[str]", old: list[str], new: list[str]) -> Iterator[ChangedWords]:
    for what, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if what == "equal":
            yield ChangedWords(WordChange.SAME, "".join(old[old_from:old_to]))
            continue
        if old_to > old_from:
            yield ChangedWords(WordChange.GONE, "".join(old[old_from:old_to]))
        if new_to > new_from:
            yield ChangedWords(WordChange.NEW, "".join(new[new_from:new_to]))
