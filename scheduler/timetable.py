"""What will happen when, and what gets in each other's way. Pure: no clock, no database."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations

from scheduler.recurrence import Recurrence


@dataclass(frozen=True, slots=True, order=True)
class Planned:
    """One date of a slot.

    start_at: when it begins.
    slot: id of the slot.
    """

    start_at: datetime
    slot: str


@dataclass(frozen=True, slots=True)
class Block:
    """Something that takes up the air.

    id: of whatever it is.
    start_at, end_at: first and last instant.
    nodes: ids of the nodes it sounds on.
    """

    id: str
    start_at: datetime
    end_at: datetime
    nodes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two blocks that want the same nodes at the same time.

    earlier, later: by their start.
    nodes: the ones they share.
    """

    earlier: Block
    later: Block
    nodes: frozenset[str]


def lay_out(slots: Iterable[tuple[str, Recurrence]], *, from_at: datetime, until_at: datetime) -> list[Planned]:
    """Every date of these slots (id and recurrence), in order of time; ``from_at`` included, ``until_at`` not."""
    return sorted(
        Planned(start_at, slot)
        for slot, recurrence in slots
        for start_at in recurrence.starts(from_at=from_at, until_at=until_at)
    )


def overlaps(blocks: Iterable[Block]) -> list[Overlap]:
    """Every pair that meets on some node, in order of time. Blocks that only touch do not meet."""
    ordered = sorted(blocks, key=lambda block: (block.start_at, block.id))
    return list(_meeting(combinations(ordered, 2)))


def _meeting(pairs: Iterable[tuple[Block, Block]]) -> Iterator[Overlap]:
    for earlier, later in pairs:
        shared = earlier.nodes & later.nodes
        if shared and later.start_at < earlier.end_at:
            yield Overlap(earlier, later, shared)


@dataclass(frozen=True, slots=True)
class Clash:
    """One of mine and one of theirs that want the same nodes at the same time; nodes: the ones they share."""

    mine: Block
    theirs: Block
    nodes: frozenset[str]


def clashes(mine: Iterable[Block], theirs: Iterable[Block]) -> list[Clash]:
    """Every pair of one of mine and one of theirs that meets, in order of mine. Blocks that only touch do not meet."""
    found, waiting = [], sorted(theirs, key=lambda block: (block.start_at, block.id))
    longest = max((block.end_at - block.start_at for block in waiting), default=timedelta())
    starts = [block.start_at for block in waiting]
    for block in sorted(mine, key=lambda block: (block.start_at, block.id)):
        first, last = bisect_left(starts, block.start_at - longest), bisect_left(starts, block.end_at)
        for other in waiting[first:last]:
            shared = block.nodes & other.nodes
            if shared and other.end_at > block.start_at:
                found.append(Clash(block, other, shared))
    return found
