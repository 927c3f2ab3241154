"""Every lifecycle is a table here, and ``move`` is the one function that follows it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from broadcaster.errors import Conflict
from broadcaster.protocol.values import DeliveryState
from broadcaster.refusals.reasons import Reason, word
from broadcaster.station.vocabulary.states import (
    AnnouncementState,
    BroadcastState,
    FeedbackState,
    JobState,
    OccurrenceState,
)

State = TypeVar("State", bound=StrEnum)
Table = Mapping[State, frozenset[State]]

_A, _B, _D, _J, _O = AnnouncementState, BroadcastState, DeliveryState, JobState, OccurrenceState
_F = FeedbackState

ANNOUNCEMENT: Table[AnnouncementState] = {
    _A.DRAFT: frozenset({_A.PENDING_APPROVAL, _A.WITHDRAWN}),
    _A.PENDING_APPROVAL: frozenset({_A.APPROVED, _A.RETURNED, _A.REJECTED, _A.DRAFT, _A.WITHDRAWN}),
    _A.APPROVED: frozenset({_A.WITHDRAWN, _A.DRAFT}),
    _A.RETURNED: frozenset({_A.DRAFT, _A.PENDING_APPROVAL, _A.WITHDRAWN}),
    _A.REJECTED: frozenset(),
    _A.WITHDRAWN: frozenset(),
}
"""Back to DRAFT is what an edit does: it voids what was asked or given."""

BROADCAST: Table[BroadcastState] = {
    _B.SCHEDULED: frozenset({_B.ON_AIR, _B.COMPLETED, _B.PARTIAL, _B.MISSED, _B.CANCELLED}),
    _B.ON_AIR: frozenset({_B.COMPLETED, _B.PARTIAL, _B.MISSED, _B.CANCELLED}),
    _B.COMPLETED: frozenset(),
    _B.PARTIAL: frozenset({_B.COMPLETED}),
    _B.MISSED: frozenset({_B.PARTIAL, _B.COMPLETED}),
    _B.CANCELLED: frozenset(),
}
"""PARTIAL and MISSED may still improve: a node that was cut off says days later that it played."""

_SILENT = frozenset({_D.FAILED, _D.MISSED, _D.EXPIRED, _D.CANCELLED})
DELIVERY: Table[DeliveryState] = {
    _D.PLANNED: frozenset({_D.STORED, _D.PLAYING, _D.PLAYED, _D.INTERRUPTED}) | _SILENT,
    _D.STORED: frozenset({_D.PLAYING, _D.PLAYED, _D.INTERRUPTED}) | _SILENT,
    _D.PLAYING: frozenset({_D.PLAYED, _D.INTERRUPTED}) | _SILENT,
    _D.INTERRUPTED: frozenset({_D.PLAYING, _D.PLAYED}) | _SILENT,
    _D.FAILED: frozenset({_D.STORED, _D.PLAYING, _D.PLAYED, _D.INTERRUPTED}) | (_SILENT - {_D.FAILED}),
    _D.MISSED: frozenset({_D.PLAYING, _D.PLAYED, _D.INTERRUPTED}) | (_SILENT - {_D.MISSED}),
    _D.EXPIRED: frozenset({_D.PLAYED, _D.INTERRUPTED}),
    _D.CANCELLED: frozenset({_D.PLAYED, _D.INTERRUPTED}),
    _D.PLAYED: frozenset(),
}
"""What a node states later outranks what the station assumed; only PLAYED is the last word."""

JOB: Table[JobState] = {
    _J.QUEUED: frozenset({_J.RUNNING, _J.CANCELLED}),
    _J.RUNNING: frozenset({_J.QUEUED, _J.RUNNING, _J.DONE, _J.FAILED, _J.CANCELLED}),
    _J.DONE: frozenset(),
    _J.FAILED: frozenset(),
    _J.CANCELLED: frozenset(),
}

OCCURRENCE: Table[OccurrenceState] = {
    _O.PLANNED: frozenset({_O.FROZEN, _O.EMPTY, _O.MISSED, _O.CANCELLED}),
    _O.FROZEN: frozenset({_O.FROZEN, _O.EMPTY, _O.CANCELLED}),
    _O.EMPTY: frozenset({_O.EMPTY, _O.FROZEN, _O.MISSED, _O.CANCELLED}),
    _O.MISSED: frozenset(),
    _O.CANCELLED: frozenset({_O.PLANNED}),
}

FEEDBACK: Table[FeedbackState] = {
    _F.NEW: frozenset({_F.IN_HAND, _F.ANSWERED}),
    _F.IN_HAND: frozenset({_F.NEW, _F.ANSWERED}),
    _F.ANSWERED: frozenset({_F.IN_HAND}),
}
"""Back to NEW is who took it and cannot see to it; an answer that does not hold is taken in hand again."""

_KINDS: dict[type[StrEnum], str] = {
    _A: "announcement",
    _B: "broadcast",
    _D: "delivery",
    _O: "occurrence",
    _J: "job",
    _F: "feedback",
}
"""Whose state it is, as the tables of words name it."""


def can_move(table: Table[State], current: State, to: State) -> bool:
    """Whether the table has this step."""
    return to in table[current]


def move(table: Table[State], current: State, to: State) -> State:
    """``to``, if the table allows the step. Raises Conflict."""
    if not can_move(table, current, to):
        raise Conflict("state.cannot_move", current=_word(current), to=_word(to))
    return to


def _word(state: StrEnum) -> Reason:
    return word(f"state.{_KINDS[type(state)]}", state)
