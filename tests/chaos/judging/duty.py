"""Whether a node owed a broadcast: was it up and in time, and if something cut the sound short, what?"""

from collections.abc import Iterator
from dataclasses import dataclass

from broadcaster.protocol.values import BroadcastClass
from speaker_node.memory.card_recovery import TRY_SECONDS
from tests.chaos.judging.diary import Diary, Happening
from tests.chaos.judging.evidence import Evidence, Heard, Ordered, Stated

BEFORE_SECONDS = 2.5
"""A node must have been well so long before it is expected to begin."""
AFTER_SECONDS = 0.3
STEP_SECONDS = 0.1
START_SECONDS = 4.0
"""From the start of the process until it can play, on a busy machine."""
ENDING_SECONDS = 0.5
SUPPLY_SECONDS = 12.0
"""Agenda and clip reach a node in so long when nothing is in the way, reconnecting included."""
LIFT_SECONDS = 4.0
"""So soon a node obeys what the station says when nothing is in the way, on a busy machine."""
HOME_SECONDS = TRY_SECONDS + 40.0
"""A node in memory has found by then that its card has room again, even if it was playing when it was to look."""
MARGIN_SECONDS = 8.0
"""What could have begun so shortly before the evidence was gathered is not asked for."""
OUT_OF_ORDER = ("kill", "power cut", "freeze", "card full", "retire", "damage")


@dataclass(frozen=True, slots=True)
class Duty:
    """One broadcast at one node at which it did not sound whole."""

    evidence: Evidence
    diary: Diary
    ordered: Ordered
    node: str

    def excuse(self) -> str:
        """Why it need not have sounded whole, in a few words; empty when there is no reason."""
        if self.ordered.start < forgotten_until(self.diary, self.node):
            return "card was full, then memory lost"
        if turned_back(self.diary, self.ordered):
            return "the station was turned back to a copy"
        if self._state() in ("interrupted", "failed"):
            return f"cut short: {self._reason()}" if self._cut_short() else ""
        return f"{self._state()}: not up and in time" if self._could_begin() is None else ""

    def unexcused(self) -> str:
        """Why it should have sounded; empty when there is an excuse."""
        if self.excuse():
            return ""
        if self._state() in ("interrupted", "failed"):
            return f"it is {self._state()} ({self._reason()}) and nothing that happened explains it"
        late = (self._could_begin() or 0.0) - self.ordered.start
        return f"its ledger says {self._state()} ({self._reason()}); it could have begun {late:+.1f} s"

    def _state(self) -> str:
        left = self.evidence.stored.get((self.node, self.ordered.id))
        return left.state if left else "unknown"

    def _reason(self) -> str:
        return next((each.reason for each in reversed(self._stated()) if each.reason), "no reason")

    def _stated(self) -> list[Stated]:
        return [t for t in self.evidence.stated if (t.node, t.broadcast) == (self.node, self.ordered.id)]

    def _cut_short(self) -> bool:
        """The end of the node, of its card or of its right to sound came during a play of it."""
        return any(self._cut_during(begun, ended) for begun, ended in self._attempts())

    def _attempts(self) -> Iterator[tuple[float, float]]:
        """From the entry in the ledger, which comes before the sound, to the end of each play."""
        for heard in self._plays():
            yield heard.begun - 2.0, heard.ended + 1.5
        if not self._plays():  # ended between the ledger and the first sample
            yield self.ordered.start - 2.0, self.ordered.expires

    def _plays(self) -> list[Heard]:
        return [h for h in self.evidence.heard if (h.node, h.broadcast) == (self.node, self.ordered.id)]

    def _cut_during(self, begun: float, ended: float) -> bool:
        out = [h for h in self._happenings(OUT_OF_ORDER) if h.touches(begun, ended)]
        if self.ordered.kind is BroadcastClass.EMERGENCY:
            out = [h for h in out if h.from_seconds > ended - 1.5 - ENDING_SECONDS or self._no_time_left(h)]
        stopped = any(at <= ended and lifted >= begun for at, lifted in self.evidence.stops)
        return bool(out) or stopped or self._pre_empted(begun, ended)

    def _no_time_left(self, cut: Happening) -> bool:
        return cut.until_seconds + self.ordered.seconds > self.ordered.expires

    def _pre_empted(self, begun: float, ended: float) -> bool:
        """A routine play gives way for good; another class waits, and may then have run out of time."""
        return self.ordered.kind is not BroadcastClass.EMERGENCY and any(
            self.evidence.ordered[heard.broadcast].kind is BroadcastClass.EMERGENCY
            for heard in self.evidence.heard
            if heard.node == self.node
            and heard.broadcast in self.evidence.ordered
            and begun <= heard.begun <= ended + 2.0
        )

    def _could_begin(self) -> float | None:
        """The first instant at which nothing kept the node from beginning in time."""
        ready = self._ready()
        if ready is None:
            return None
        instant = max(ready, self.ordered.start)
        latest = min(self.ordered.expires, self.evidence.gathered - MARGIN_SECONDS) - self.ordered.seconds
        blocks = sorted(self._blocks())
        while instant <= latest:
            if not any(a <= instant + AFTER_SECONDS and b >= instant - BEFORE_SECONDS for a, b in blocks):
                return instant
            instant += STEP_SECONDS
        return None

    def _ready(self) -> float | None:
        """When agenda and clip were on the card; None when bad lines or a dead station kept them from it all along."""
        stored = [each.at for each in self._stated() if each.state in ("stored", "playing")]
        if stored:
            return min(stored) + BEFORE_SECONDS
        calm = self._calm(self.ordered.created)
        return calm + SUPPLY_SECONDS if calm < self.ordered.expires else None

    def _calm(self, since: float) -> float:
        """From when on nothing was in the way any more of what the station had to say since then."""
        calm = since
        for each in self._troubles():
            if each.from_seconds > calm + SUPPLY_SECONDS:
                break
            calm = max(calm, each.until_seconds)
        return calm

    def _troubles(self) -> list[Happening]:
        """Faults on the way from the station to the node, by their beginning."""
        found = self.diary.happenings((self.node, "broker", "station"))
        return sorted((each for each in found if each.fault), key=lambda each: each.from_seconds)

    def _heard_of(self, lifted: float) -> float:
        """When the node knew at the latest that a stop-all was lifted: it hears of that as of any agenda."""
        if any(each.touches(lifted - SUPPLY_SECONDS, lifted + SUPPLY_SECONDS) for each in self._troubles()):
            return self._calm(lifted) + SUPPLY_SECONDS
        return lifted + LIFT_SECONDS

    def _blocks(self) -> Iterator[tuple[float, float]]:
        """Stretches in which it could not begin."""
        for each in self._happenings(OUT_OF_ORDER):
            starting = START_SECONDS if each.what in ("kill", "power cut") else 1.0
            yield each.from_seconds, each.until_seconds + starting
        for stopped, lifted in self.evidence.stops:
            yield stopped, self._heard_of(lifted)
        for heard in self.evidence.heard:
            if heard.node == self.node and heard.broadcast != self.ordered.id:
                yield heard.begun - 1.5, heard.ended + 1.0

    def _happenings(self, what: tuple[str, ...]) -> list[Happening]:
        return self.diary.happenings((self.node,), what)


def turned_back(diary: Diary, ordered: Ordered) -> bool:
    """A station restored from a copy knows nothing of what was done since the copy was taken, until its nodes obey it
    again: such a broadcast may be missing, cancelled or without its end. It must still never sound twice."""
    return any(
        each.touches(ordered.created, ordered.expires) for each in diary.happenings(("station",), ("turned back",))
    )


def forgotten_until(diary: Diary, node: str) -> float:
    """A node whose card is full goes on in memory, and says so; a power cut then takes from it what it knew. It begins
    nothing that was due before its next start: the end of the last such story, or the beginning of time."""
    kills, cuts = diary.happenings((node,), ("kill",)), diary.happenings((node,), ("power cut",))
    ends = [float("-inf")]
    for full in diary.happenings((node,), ("card full",)):
        starts = [each.until_seconds for each in kills if each.until_seconds >= full.until_seconds]
        home = min([full.until_seconds + HOME_SECONDS, *starts]) + START_SECONDS
        ends += [each.until_seconds for each in cuts if full.from_seconds <= each.from_seconds <= home]
    return max(ends) + START_SECONDS
