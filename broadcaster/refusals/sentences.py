"""The edge: a reason becomes a sentence in the reader's language. Nothing else makes sentences of refusals.

A table has one line a code: the code, a tab, the sentence with its facts in braces. A fact may say how it is written:
``{count:,}`` groups digits, ``{why:sentences}`` puts sentences after each other; otherwise its kind decides.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

from broadcaster.refusals.reasons import Fact, Reason

LANGUAGES = ("vi", "en")
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
UNKNOWN = "?"
"""Stands for a fact that a reason of another version of this program does not name."""


def sentence(reason: Reason, language: str = "vi", *, zone: tzinfo = VIETNAM) -> str:
    """What people read. A code that no table knows is shown as it is: it comes from a newer program."""
    template = table(language).get(reason.code)
    if template is None:
        return str(reason)
    return _Sentences(language, zone).vformat(template, (), reason.facts)


def sentences(reasons: Iterable[Reason], language: str = "vi") -> str:
    """One after another."""
    return " ".join(sentence(reason, language) for reason in reasons)


def terminal_line(error: Exception) -> str:
    """What a terminal shows of an error: a refusal in Vietnamese, anything else in the system's own words."""
    reason = getattr(error, "reason", None)
    return sentence(reason) if isinstance(reason, Reason) else str(error)


@cache
def table(language: str) -> Mapping[str, str]:
    """Sentences by code; an unknown language is Vietnamese."""
    lines = file_of(language).read_text(encoding="utf-8").splitlines()
    return {code: text for code, _, text in (line.partition("\t") for line in lines)}


def file_of(language: str) -> Path:
    """The table of a language as it is kept."""
    name = language if language in LANGUAGES else LANGUAGES[0]
    return Path(__file__).parent / f"{name}.tsv"


def placeholders(template: str) -> set[str]:
    """Names of the facts a sentence needs."""
    return {name for _, name, _, _ in Formatter().parse(template) if name}


@dataclass(frozen=True, slots=True)
class _Wording:
    """How one language writes what is not words."""

    moment: str
    day: str
    thousands: str


_WORDINGS = {
    "vi": _Wording("%H:%M ngày %d/%m/%Y", "%d/%m/%Y", "."),
    "en": _Wording("%H:%M on %d/%m/%Y", "%d/%m/%Y", ","),
}


class _Sentences(Formatter):
    def __init__(self, language: str, zone: tzinfo) -> None:
        self._language = language
        self._zone = zone
        self._wording = _WORDINGS.get(language, _WORDINGS["vi"])

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:  # noqa: ARG002
        return kwargs.get(str(key), UNKNOWN)

    def format_field(self, value: Fact, format_spec: str) -> str:
        if isinstance(value, tuple):
            separator = " " if format_spec == "sentences" else ", "
            return separator.join(self.format_field(each, "") for each in value)
        if format_spec == "," and isinstance(value, int | float):
            return f"{value:,}".replace(",", self._wording.thousands)
        return self._said(value)

    def _said(self, fact: Fact) -> str:
        match fact:
            case Reason():
                return sentence(fact, self._language, zone=self._zone)
            case datetime():
                return fact.astimezone(self._zone).strftime(self._wording.moment)
            case date():
                return fact.strftime(self._wording.day)
            case time():
                return fact.strftime("%H:%M")
        return str(fact)
