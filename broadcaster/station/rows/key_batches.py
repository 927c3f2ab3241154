"""Long lists of keys in short pieces: a database bounds the length of one question."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

ASKED_AT_ONCE = 500

T = TypeVar("T")


def portions(keys: Sequence[T]) -> Iterator[Sequence[T]]:
    """The keys, in their order, a few hundred at a time."""
    return (keys[start : start + ASKED_AT_ONCE] for start in range(0, len(keys), ASKED_AT_ONCE))
