"""The rules of the house, each a function from evidence to violations. Nothing is asked of the living here."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from tests.chaos.judging.diary import Diary
from tests.chaos.judging.duty import Duty, forgotten_until, turned_back
from tests.chaos.judging.evidence import Evidence, Heard, Ordered

EARLY_SECONDS = 0.1
LATE_SECONDS = 0.3
HEED_SECONDS = 4.0
"""A node with a calm line, broker and station has heard of a cancellation after so long."""
KILL_SECONDS = 1.0
"""A kill so soon after the last sample may come before the ledger knew that it was the last."""
SPEAKING_SECONDS = 12.0
"""Faults so near to somebody who speaks live may have kept it from a node: agenda and packets take their time."""
SLACK_SECONDS = 1.0
"""What the buffers of a player that was killed held."""
FINAL = frozenset({"played", "interrupted", "failed", "missed", "expired", "cancelled"})


@dataclass(frozen=True, slots=True)
class Violation:
    """rule: which; node, broadcast: where; what: in a sentence."""

    rule: str
    node: str
    broadcast: str
    what: str


@dataclass(frozen=True, slots=True)
class Case:
    """What is judged: the evidence and the diary. ``removed`` nodes owe nothing any more; ``unheard`` ones leave no
    recordings."""

    evidence: Evidence
    diary: Diary
    removed: frozenset[str] = frozenset()
    unheard: frozenset[str] = frozenset()

    def plays(self, node: str, broadcast: str) -> list[Heard]:
        return [each for each in self.evidence.heard if (each.node, each.broadcast) == (node, broadcast)]

    def pairs(self) -> Iterator[tuple[Ordered, str]]:
        """Every broadcast at every node in service that it was meant for."""
        for ordered in self.evidence.ordered.values():
            for node in sorted(ordered.nodes - self.removed - self.unheard):
                yield ordered, node


def never_twice(case: Case) -> Iterator[Violation]:
    """Never two complete plays of one id on one node."""
    wholes: dict[tuple[str, str], int] = defaultdict(int)
    for heard in case.evidence.heard:
        wholes[heard.node, heard.broadcast] += heard.whole
    for (node, broadcast), times in wholes.items():
        if times > 1:
            yield Violation("played twice", node, broadcast, f"it sounded whole {times} times")


def never_forged(case: Case) -> Iterator[Violation]:
    """What sounded was ordered for that node, and every sample is the approved clip's."""
    for heard in case.evidence.heard:
        ordered = case.evidence.ordered.get(heard.broadcast)
        if ordered is None or heard.node not in ordered.nodes:
            yield Violation("forged", heard.node, heard.broadcast, "it sounded and was not ordered for this node")
        elif not heard.true:
            yield Violation("forged", heard.node, heard.broadcast, "its sound is not the approved clip's")


def never_early(case: Case) -> Iterator[Violation]:
    for heard in case.evidence.heard:
        ordered = case.evidence.ordered.get(heard.broadcast)
        if ordered and heard.begun < ordered.start - EARLY_SECONDS:
            early = ordered.start - heard.begun
            yield Violation("early", heard.node, heard.broadcast, f"it sounded {early:.2f} s before its time")


def never_late(case: Case) -> Iterator[Violation]:
    """No play begins that cannot be over by the expiry."""
    for heard in case.evidence.heard:
        ordered = case.evidence.ordered.get(heard.broadcast)
        if ordered and not ordered.spoken and heard.begun + ordered.seconds > ordered.expires + LATE_SECONDS:
            late = heard.begun + ordered.seconds - ordered.expires
            yield Violation("late", heard.node, heard.broadcast, f"it began {late:.2f} s too late to end in time")


def cancelled_stays_silent(case: Case) -> Iterator[Violation]:
    """After the node said that it is cancelled, and after a calm in which it must have heard of it."""
    confirmed = {(t.node, t.broadcast): t.at for t in case.evidence.stated if t.state == "cancelled"}
    for ordered, node in case.pairs():
        for heard in case.plays(node, ordered.id):
            said = confirmed.get((node, ordered.id))
            if said is not None and heard.begun > said + 0.5:
                yield Violation("cancelled", node, ordered.id, "it sounded after the node had confirmed the end")
            elif (
                ordered.cancelled is not None
                and not turned_back(case.diary, ordered)
                and _heeded(case, node, ordered.cancelled, heard.begun)
            ):
                yield Violation("cancelled", node, ordered.id, "it began long after it was cancelled, in calm")


def _heeded(case: Case, node: str, cancelled: float, begun: float) -> bool:
    if begun < cancelled + HEED_SECONDS:
        return False
    troubles = case.diary.happenings((node, "broker", "station"))
    return not any(each.touches(cancelled - 3.0, cancelled + HEED_SECONDS) for each in troubles if each.fault)


def stop_is_silence(case: Case) -> Iterator[Violation]:
    """A stop-all in force, heard in calm, lets nothing begin."""
    for heard in case.evidence.heard:
        known = case.evidence.ordered.get(heard.broadcast)
        if known and turned_back(case.diary, known):
            continue
        for ordered, lifted in case.evidence.stops:
            if heard.begun < lifted and _heeded(case, heard.node, ordered, heard.begun):
                yield Violation("stop-all", heard.node, heard.broadcast, "it began during a stop-all")


def receipts_are_true(case: Case) -> Iterator[Violation]:
    """Every ``played`` has a whole sound."""
    for stated in case.evidence.stated:
        known = case.evidence.ordered.get(stated.broadcast)
        if stated.node in case.unheard or (known is not None and known.spoken):
            continue
        if stated.state == "played" and not any(heard.whole for heard in case.plays(stated.node, stated.broadcast)):
            yield Violation("receipt without play", stated.node, stated.broadcast, "played is claimed; no whole sound")


def plays_are_reported(case: Case) -> Iterator[Violation]:
    """Every whole sound has its receipt at the station."""
    stated = {(each.node, each.broadcast, each.state) for each in case.evidence.stated}
    for heard in case.evidence.heard:
        if not heard.whole or heard.node in case.removed or (heard.node, heard.broadcast, "played") in stated:
            continue
        if (ordered := case.evidence.ordered.get(heard.broadcast)) and turned_back(case.diary, ordered):
            continue
        if heard.ended < forgotten_until(case.diary, heard.node):
            continue
        cut = (heard.node, heard.broadcast, "interrupted") in stated and _killed_at_end(case, heard)
        if not cut:
            yield Violation("play without receipt", heard.node, heard.broadcast, "it sounded whole; nobody was told")


def _killed_at_end(case: Case, heard: Heard) -> bool:
    ends = case.diary.happenings((heard.node,), ("kill", "power cut", "retire"))
    return any(heard.ended - KILL_SECONDS <= each.from_seconds <= heard.ended + KILL_SECONDS * 3 for each in ends)


def every_due_one_sounds(case: Case) -> Iterator[Violation]:
    """Complete once on each node that was up and in time; what is not has an excuse that the diary knows."""
    for ordered, node in case.pairs():
        if (
            ordered.spoken
            or ordered.cancelled is not None
            or any(heard.whole for heard in case.plays(node, ordered.id))
        ):
            continue
        why = Duty(case.evidence, case.diary, ordered, node).unexcused()
        if why:
            yield Violation("not played", node, ordered.id, why)


def stories_end(case: Case) -> Iterator[Violation]:
    """After the calm no story is open, no receipt waits, and the station has it as the ledger has."""
    for node, waiting in case.evidence.waiting.items():
        if waiting and node not in case.removed:
            yield Violation("outbox", node, "", f"{waiting} receipts never reached the station")
    for (node, broadcast), stored in case.evidence.stored.items():
        ordered = case.evidence.ordered.get(broadcast)
        if node in case.removed or ordered is None or ordered.start < forgotten_until(case.diary, node):
            continue
        if turned_back(case.diary, ordered):
            continue
        if stored.state not in FINAL:
            yield Violation("open story", node, broadcast, f"its ledger says {stored.state} at the end")
        elif (stands := case.evidence.stands.get((node, broadcast))) != stored.state:
            yield Violation("ledger and station", node, broadcast, f"ledger {stored.state}, station {stands}")


def live_sound_is_heard(case: Case) -> Iterator[Violation]:
    """What was spoken sounds where nothing was in the way, no node claims more of it than sounded, and it ends."""
    for broadcast in sorted(case.evidence.on_air):
        yield Violation("open session", "", broadcast, "nobody closed it")
    for ordered, node in case.pairs():
        if not ordered.spoken:
            continue
        sounded = sum(heard.seconds for heard in case.plays(node, ordered.id))
        stated = [t for t in case.evidence.stated if (t.node, t.broadcast, t.state) == (node, ordered.id, "played")]
        for each in stated:
            if each.played_ms / 1000 > sounded + SLACK_SECONDS:
                what = f"{each.played_ms} ms are claimed, {sounded:.1f} s sounded"
                yield Violation("live receipt without play", node, ordered.id, what)
        if ordered.cancelled is None and not sounded and _undisturbed(case, node, ordered):
            yield Violation("live not heard", node, ordered.id, "nothing was in the way, and nothing sounded")


def _undisturbed(case: Case, node: str, ordered: Ordered) -> bool:
    """From some time before it until its end no fault, stop-all or other play could have hindered it."""
    since, until = ordered.start - SPEAKING_SECONDS, ordered.start + ordered.seconds + SPEAKING_SECONDS
    troubles = [each for each in case.diary.happenings((node, "broker", "station", "web")) if each.fault]
    others = [each for each in case.evidence.heard if each.node == node and each.broadcast != ordered.id]
    return not (
        any(each.touches(since, until) for each in troubles)
        or any(at <= until and lifted >= since for at, lifted in case.evidence.stops)
        or any(each.begun <= until and each.ended >= since for each in others)
        or turned_back(case.diary, ordered)
        or ordered.start < forgotten_until(case.diary, node)
    )


RULES = {
    "never twice": never_twice,
    "never forged": never_forged,
    "never early": never_early,
    "never after expiry": never_late,
    "cancelled stays silent": cancelled_stays_silent,
    "stop-all is silence": stop_is_silence,
    "every receipt has a play": receipts_are_true,
    "every play has a receipt": plays_are_reported,
    "every due broadcast sounds": every_due_one_sounds,
    "every story ends": stories_end,
    "live sound is heard, and ends": live_sound_is_heard,
}
