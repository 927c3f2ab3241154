"""A reason is a code and facts: what programs compare, tables keep, the wire carries. Sentences are made elsewhere."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import PurePath
from typing import Any

Fact = Any
"""Text, a number, an instant, a day, a time of day, another :class:`Reason`, or a tuple of these."""

AS_WRITTEN = "reason.as_written"
"""Code of what was kept as a finished sentence before reasons had codes; its fact is ``words``."""


@dataclass(frozen=True, init=False, eq=True)
class Reason:
    """Why something is as it is, or a word that people read.

    code: ``<noun>.<what>``; each has one sentence in every table.
    facts: what the sentence names, by the name of its placeholder.
    """

    code: str
    facts: Mapping[str, Fact]

    def __init__(self, code: str, /, **facts: object) -> None:
        object.__setattr__(self, "code", code)
        object.__setattr__(self, "facts", {name: plain(fact) for name, fact in facts.items()})

    def __hash__(self) -> int:
        return hash(self.code)

    def __str__(self) -> str:
        """Code and facts on one line, for logs: ``node.revoked node='Bản Cuôn'``."""
        facts = (f"{name}={_logged(fact)}" for name, fact in self.facts.items())
        return " ".join([self.code, *facts])


def plain(fact: object) -> Fact:
    """The fact as one of the kinds of :data:`Fact`: refusals become their reasons, paths and other errors text."""
    if isinstance(fact, Reason | datetime | date | time | bool | int | float):
        return fact
    if isinstance(fact, str):
        return str(fact)
    reason = getattr(fact, "reason", None)
    if isinstance(fact, Exception) and isinstance(reason, Reason):
        return reason
    if isinstance(fact, Iterable) and not isinstance(fact, PurePath):
        return tuple(plain(each) for each in fact)
    return str(fact)


def word(kind: str, value: object) -> Reason:
    """The word for a value of a closed set, such as a state: ``word("announcement", "draft")``."""
    return Reason(f"{kind}.{value}")


def encode(reason: Reason) -> str:
    """The reason as JSON, for a row."""
    return json.dumps(_packed(reason), ensure_ascii=False, separators=(",", ":"))


def decode(text: str) -> Reason:
    """The reason that :func:`encode` made ``text`` of; any other text is kept as it was written."""
    try:
        found = _unpacked(json.loads(text))
    except (ValueError, TypeError):
        found = None
    return found if isinstance(found, Reason) else Reason(AS_WRITTEN, words=text)


def _packed(fact: Fact) -> object:
    match fact:
        case Reason():
            return {"code": fact.code, "facts": {name: _packed(each) for name, each in fact.facts.items()}}
        case datetime():
            return {"at": fact.isoformat()}
        case date():
            return {"on": fact.isoformat()}
        case time():
            return {"clock": fact.isoformat()}
        case tuple():
            return [_packed(each) for each in fact]
    return fact


def _unpacked(packed: object) -> Fact:
    match packed:
        case {"code": str(code), "facts": dict(facts)}:
            return Reason(code, **{name: _unpacked(fact) for name, fact in facts.items()})
        case {"at": str(text)}:
            return datetime.fromisoformat(text)
        case {"on": str(text)}:
            return date.fromisoformat(text)
        case {"clock": str(text)}:
            return time.fromisoformat(text)
        case list(items):
            return tuple(_unpacked(each) for each in items)
    return packed


def _logged(fact: Fact) -> str:
    if isinstance(fact, Reason):
        return f"({fact})"
    if isinstance(fact, tuple):
        return "[" + ", ".join(_logged(each) for each in fact) + "]"
    return fact.isoformat() if isinstance(fact, date | time) else repr(fact)
