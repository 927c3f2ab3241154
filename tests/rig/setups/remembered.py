"""What many tests begin with is made once: the second time a setup was made from the same beginning, how the database
then looks and what the setup returned are remembered, and every later time they are brought back.

A setup is remembered only as a continuation of setups on a fresh commune: once a test wrote anything itself, or while
anybody is in the middle of something, setups are made in earnest. Two setups are the same when their function and
their arguments are; rows count by their keys.
"""

import pickle
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from functools import wraps
from itertools import count
from typing import Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import inspect

from broadcaster.station.database.engine import Database
from broadcaster.station.schema import Base
from tests.rig.setups.copies import Copies

P = ParamSpec("P")
R = TypeVar("R")
Setup = Callable[Concatenate[Database, P], R]
_memories: WeakKeyDictionary[Database, "Memory"] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class _State:
    """moment: of the database; value: what the setup returned, pickled, so that each test has its own."""

    moment: int
    value: bytes


class Memory:
    """Of the setups made in one database."""

    def __init__(self, database: Database, copies: Copies) -> None:
        self._copies = copies
        self._made: tuple[str, ...] | None = None
        """The setups since the commune was fresh; None once anything else happened."""
        self._states: dict[tuple[str, ...], _State | None] = {}
        self._moments = count(1)
        _memories[database] = self

    def begin(self) -> None:
        """A fresh commune, for the next test."""
        self._copies.fresh()
        self._made = ()

    def recall(self, setup: str, make: Callable[[], R]) -> R:
        before, self._made = self._made, None  # and so it stays within ``make``, or when that raises
        if before is None or not setup or self._copies.wrote() or not self._copies.at_rest():
            return make()
        path = (*before, setup)
        if state := self._states.get(path):
            self._copies.bring(state.moment)
            self._made = path
            return pickle.loads(state.value)  # type: ignore[no-any-return]  # our own bytes
        made = make()
        self._copies.wrote()
        if path in self._states:
            self._remember(path, made)
        else:
            self._states[path] = None
        self._made = path
        return made

    def _remember(self, path: tuple[str, ...], made: object) -> None:
        state = _State(next(self._moments), pickle.dumps(made))
        self._copies.keep(state.moment)
        self._states[path] = state


def remembered(make: Callable[Concatenate[Database, P], R]) -> Callable[Concatenate[Database, P], R]:
    """A setup that only writes to the database and returns rows or plain values."""

    @wraps(make)
    def made(database: Database, *given: P.args, **named: P.kwargs) -> R:
        memory = _memories.get(database)
        if memory is None:
            return make(database, *given, **named)
        setup = f"{make.__module__}.{make.__qualname__} {_said((given, named))}"
        return memory.recall("" if " at 0x" in setup else setup, lambda: make(database, *given, **named))

    return made


def _said(value: Any) -> str:
    if isinstance(value, Base):
        return f"{type(value).__name__}{inspect(value).identity}"
    if is_dataclass(value) and not isinstance(value, type):
        return f"{type(value).__name__}{_said({each.name: getattr(value, each.name) for each in fields(value)})}"
    if isinstance(value, dict):
        return str({str(key): _said(each) for key, each in sorted(value.items())})
    if isinstance(value, tuple | list):
        return str([_said(each) for each in value])
    return repr(value)
