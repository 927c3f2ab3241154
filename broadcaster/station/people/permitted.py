"""The form of every room's ``steps``: what a person may do with a thing is what its own check lets pass."""

from collections.abc import Callable
from enum import StrEnum
from functools import partial
from typing import TypeVar

from broadcaster.errors import LoaError

Step = TypeVar("Step", bound=StrEnum)


def permitted(kind: type[Step], require: Callable[[Step], None]) -> frozenset[Step]:
    """The steps of this kind that ``require`` does not refuse."""
    return frozenset(step for step in kind if refusal(partial(require, step)) is None)


def refusal(check: Callable[[], object]) -> LoaError | None:
    """What a check raises, as an answer; None when it lets pass."""
    try:
        check()
    except LoaError as refused:
        return refused
    return None
