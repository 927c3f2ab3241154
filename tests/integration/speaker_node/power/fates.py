"""A crowded programme of short broadcasts, and what became of each of them."""

import random
import wave
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from broadcaster.protocol.agenda import AgendaItem
from broadcaster.protocol.values import BroadcastClass, DeliveryState
from speaker_node.memory.ledger import MOVES
from tests.rig.clips import TestClip
from tests.rig.station import TestStation, item, soon

PLAY_SECONDS = 0.7
FIRST_SECONDS = 4.0
ENDS = frozenset(state for state in DeliveryState if state not in MOVES)


def crowded(clip: TestClip, chance: random.Random, *, count: int, every_seconds: float) -> list[AgendaItem]:
    """Of every class, some to be resumed, some with hardly any time; the first in FIRST_SECONDS."""
    return [
        item(
            clip,
            start_at=soon(FIRST_SECONDS + index * every_seconds),
            within_seconds=chance.choice([3, 6, 12]),
            kind=chance.choice(list(BroadcastClass)),
            resume=chance.random() < 0.3,
        )
        for index in range(count)
    ]


def ends(station: TestStation, items: Sequence[AgendaItem]) -> list[list[DeliveryState]]:
    """The ends the station was told of, for each broadcast."""
    return [[state for state in station.states(each.broadcast) if state in ENDS] for each in items]


def whole_plays(recordings: Iterable[Path]) -> Counter[str]:
    """How often each broadcast sounded to its end."""
    plays: Counter[str] = Counter()
    for path in recordings:
        with wave.open(str(path)) as file:
            if file.getnframes() >= (PLAY_SECONDS - 0.01) * 48_000:
                plays[path.name.split("-", 1)[1]] += 1
    return plays
