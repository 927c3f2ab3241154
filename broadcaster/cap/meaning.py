"""What an alert means here: how it is classed, which of its languages is said, and in which words."""

import re
from datetime import datetime
from functools import cache
from pathlib import Path

from broadcaster.cap.values import Alert, AlertInfo
from broadcaster.protocol.values import BroadcastClass

LONGEST_WORDS = 4_000
"""Characters of an alert that are said; the rest is read by people."""
_CLASSES = Path(__file__).parent / "data" / "classes.tsv"
_LINK = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\S+", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,200}>")
_RULING = re.compile(r"[*_=~#|•▪►]{1,}|-{2,}")
_DOTS = re.compile(r"\.{2,}|…")
_SPACE_BEFORE = re.compile(r"\s+([.,;:!?])")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


@cache
def _classes() -> tuple[tuple[str, str, str, str], ...]:
    lines = _CLASSES.read_text(encoding="utf-8").splitlines()[1:]
    return tuple((each[0], each[1], each[2], each[3]) for each in (line.split("\t") for line in lines))


def class_of(info: AlertInfo) -> BroadcastClass | None:
    """By severity, urgency and certainty (``data/classes.tsv``, the first that fits); None: not worth a broadcast."""
    given = (info.severity, info.urgency, info.certainty)
    for *wanted, named in _classes():
        if all(each in ("*", is_) for each, is_ in zip(wanted, given, strict=True)):
            return None if named == "none" else BroadcastClass(named)
    return None


def is_drill(alert: Alert) -> bool:
    """Whether it is an exercise."""
    return alert.status == "Exercise"


def is_meant_for_people(alert: Alert) -> bool:
    """Whether it is meant to be told to anybody: no test, no draft, nothing between machines, nothing restricted."""
    for_all = alert.scope == "Public" and alert.message_type in ("Alert", "Update", "Cancel")
    return for_all and alert.status in ("Actual", "Exercise")


def is_all_clear(alert: Alert) -> bool:
    """Whether it says that a danger is over."""
    clear = bool(alert.infos) and all("AllClear" in info.response_types for info in alert.infos)
    return alert.message_type == "Cancel" or clear


def infos_to_say(alert: Alert) -> list[AlertInfo]:
    """Those in Vietnamese, or all of the first language where there is none."""
    vietnamese = [info for info in alert.infos if speaks_vietnamese(info)]
    if vietnamese or not alert.infos:
        return vietnamese
    return [info for info in alert.infos if info.language.lower() == alert.infos[0].language.lower()]


def speaks_vietnamese(info: AlertInfo) -> bool:
    """By its language tag (RFC 5646)."""
    return info.language.lower().replace("_", "-").split("-")[0] in ("vi", "vie")


def expires_at(infos: list[AlertInfo]) -> datetime | None:
    """When the last of them ends; None when one has no end."""
    ends = [info.expires_at for info in infos]
    return None if not ends or None in ends else max(each for each in ends if each is not None)


def title_of(info: AlertInfo) -> str:
    """A line for lists, at most 200 characters."""
    return (spoken(info.headline) or spoken(info.event))[:200].strip() or info.event[:200]


def words_of(infos: list[AlertInfo]) -> str:
    """Headline, description and instruction of each, without links and ornament; nothing said twice."""
    if any(info.words for info in infos):
        return "\n".join(info.words for info in infos if info.words)
    said: list[str] = []
    for info in infos:
        for part in (info.headline or info.event, info.description, info.instruction):
            words = spoken(part)
            if words and not any(words in each for each in said):
                said.append(words if words[-1] in ".!?" else f"{words}.")
    return _cut(" ".join(said))


def spoken(text: str) -> str:
    """One paragraph of plain words: links, marks of layout, tags and lines of stars are left out."""
    plain = _TAG.sub(" ", _LINK.sub(" ", text))
    lines = [" ".join(_DOTS.sub(". ", _RULING.sub(" ", line)).split()) for line in plain.splitlines()]
    joined = ""
    for line in filter(None, lines):
        joined += line if not joined else (f" {line}" if _runs_on(joined, line) else f". {line}")
    plain = _SPACE_BEFORE.sub(r"\1", joined)
    words, end = plain.strip(" .,;:!?-"), plain[-1:] if plain[-1:] in tuple("!?.") else ""
    return words + end if words else ""


def _runs_on(before: str, line: str) -> bool:
    """Whether a line goes on with the sentence of the one before."""
    return before[-1] in ".,;:!?" or line[0].islower() or line[0].isdigit()


def _cut(words: str) -> str:
    """Whole sentences, as many as there is room for."""
    taken = ""
    for sentence in _SENTENCE_END.split(words):
        if len(taken) + len(sentence) + 1 > LONGEST_WORDS:
            break
        taken += f" {sentence}" if taken else sentence
    return taken or words[:LONGEST_WORDS]
