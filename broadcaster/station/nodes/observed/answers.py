"""How quickly nodes answer: from the signing of an agenda to the node's word that it obeys it. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

REMEMBERED = 8
ENOUGH = 3
"""Of fewer answers nothing is concluded."""
LONGEST = timedelta(seconds=30)
"""What takes longer was no answer: the node was away, or its clips had to be brought first."""


def remembered(answers_ms: Sequence[int], *, issued_at: datetime, heard_at: datetime) -> list[int]:
    """The last answers with this one."""
    took = heard_at - issued_at
    if not timedelta() <= took <= LONGEST:
        return list(answers_ms)
    return [*answers_ms, took // timedelta(milliseconds=1)][-REMEMBERED:]


def slowest_seconds(answers_ms: Sequence[int], *, weak: bool) -> float | None:
    """As slow as an answer is to be expected: the slowest of the last ones but one, which may have been chance; over a
    weak link, whose good moments say little, the slowest of many. None while too few are known."""
    if len(answers_ms) < (REMEMBERED if weak else ENOUGH):
        return None
    return sorted(answers_ms)[-1 if weak else -2] / 1000
