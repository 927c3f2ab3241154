"""A node judges by itself: the approved words once for each crossing, and nothing that is not allowed now."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from msgspec.structs import replace

from broadcaster.protocol.agenda import Agenda, Policy, StopOrder
from broadcaster.protocol.gauges.readings import Reading, Readings
from broadcaster.protocol.gauges.rules import GaugeRule, Partner, SpokenRule
from broadcaster.protocol.values import BroadcastClass, ClockState, DeliveryState
from speaker_node.clips.fetching import urgency, urgent_clips
from speaker_node.clock.reading import TimeReading
from speaker_node.deciding.arbiter import PlayDecision, decide, facts
from speaker_node.deciding.situation import Situation
from speaker_node.events import ReadingsArrived
from speaker_node.gauges.crossings import Crossings
from speaker_node.gauges.watch import MOST_WAITING, GaugeWatch
from speaker_node.memory.database import LedgerDatabase
from speaker_node.memory.ledger import Ledger
from speaker_node.memory.outbox import Outbox, PlayFact
from tests.unit.speaker_node.situations import CLIP, NOON, OTHER, agenda, at, reading

RULE = GaugeRule(gauge="suoi_1", sender="loa-1", limit=3.0, ends=2.0, in_row=3, rest_seconds=600)
SPOKEN = SpokenRule(allowance="ab" * 7, rule=RULE, parts=(CLIP.sha256,), duration_ms=10_000, expires_at=at(30 * 86_400))


class FakeGauge:
    """Says what it was given, one value a read."""

    def __init__(self) -> None:
        self.values: list[float] = []

    def read(self, monotonic: float) -> float | None:
        return self.values.pop(0) if self.values else None


@dataclass
class FakeLink:
    """up: whether it takes what is published."""

    up: bool = True
    said: list[Readings] = field(default_factory=list)
    heard: list[Sequence[str]] = field(default_factory=list)

    def publish(self, message: Readings) -> bool:
        if self.up:
            self.said.append(message)
        return self.up

    def subscribe_sensors(self, senders: Sequence[str]) -> None:
        self.heard.append(senders)


class Bench:
    """A node as far as its gauges and its ledger go; every second it reads, enters and decides."""

    def __init__(self, database: LedgerDatabase, *spoken: SpokenRule, clock: ClockState = ClockState.SYNCED) -> None:
        self.database, self.clock = database, clock
        self.gauge, self.link = FakeGauge(), FakeLink()
        self.agenda = agenda(policy=Policy(spoken_rules=spoken))
        self.muted = False
        self.live: set[str] = set()
        self.began: list[str] = []
        self.restart()
        self.now = 0.0

    def restart(self) -> None:
        crossings = Crossings(self.database)
        self.watch = GaugeWatch("loa-1", {"suoi_1": self.gauge}, crossings=crossings, link=self.link)
        self.ledger = Ledger(self.database, Outbox(self.database))
        self.watch.obey(self.agenda)
        self.live = set()

    def obey(self, new: Agenda) -> None:
        self.agenda = new
        self.watch.obey(new)

    @property
    def time(self) -> TimeReading:
        return reading(self.now, state=self.clock)

    def turn(self, value: float | None = None, *, seconds: float = 60) -> PlayDecision:
        """One reading of the node's own gauge, and the decision after it; what begins is played whole."""
        self.now += seconds
        self.gauge.values += [] if value is None else [value]
        self.watch.step(self.time)
        born = self.watch.born(self.time)
        self.ledger.enter(born, at=self.time.now_at)
        self.live |= {item.broadcast for item in born}
        duty = self.watch.duty(self.agenda, self.ledger.entries, self.time)
        decision = decide(
            Situation(
                reading=self.time,
                agenda=duty,
                entries=self.ledger.entries,
                held={CLIP.sha256},
                arrived_live=self.live,
                seen_in_time={item.broadcast for item in born},
                muted=self.muted,
            )
        )
        self.ledger.settle_all(facts(decision, self.time))
        if decision.start:
            self._play(decision.start.item.broadcast)
        return decision

    def say(self, *values: float) -> int:
        """So many plays began meanwhile."""
        before = len(self.began)
        for value in values:
            self.turn(value)
            self.turn(seconds=1)
        return len(self.began) - before

    def _play(self, broadcast: str) -> None:
        self.began.append(broadcast)
        self.ledger.begin(broadcast, at=self.time.now_at, boot="b", sounds_seconds=0)
        self.ledger.settle(broadcast, PlayFact(DeliveryState.PLAYED, self.time.now_at, self.time.state, 10_000))


def test_the_third_reading_sounds_the_words_once_without_any_link(database: LedgerDatabase) -> None:
    bench = Bench(database, SPOKEN)
    bench.link.up = False
    assert bench.say(1.0, 3.0, 3.1) == 0
    assert bench.say(3.2) == 1
    assert bench.say(*[9.0] * 30) == 0
    assert bench.say(2.5, 1.9, 3.0, 3.0, 3.0, 3.0) == 0
    assert bench.say(*[3.0] * 10) == 1
    assert len(set(bench.began)) == 2
    assert all(name.startswith(f"gauge-{SPOKEN.allowance}-") for name in bench.began)


def test_after_a_restart_what_was_said_is_not_said_again(database: LedgerDatabase) -> None:
    bench = Bench(database, SPOKEN)
    assert bench.say(3.0, 3.0, 3.0) == 1
    bench.restart()
    assert bench.say(*[3.0] * 5) == 0
    assert bench.say(1.0) == 0
    bench.restart()
    assert bench.say(*[3.0] * 5) == 0
    assert bench.say(*[3.0] * 10) == 1


@pytest.mark.parametrize("clock", list(ClockState))
def test_a_warning_that_begins_here_sounds_whatever_the_clock(database: LedgerDatabase, clock: ClockState) -> None:
    assert Bench(database, SPOKEN, clock=clock).say(3.0, 3.0, 3.0) == 1


@pytest.mark.parametrize("clock", list(ClockState))
def test_what_is_expired_or_revoked_does_not_speak(database: LedgerDatabase, clock: ClockState) -> None:
    assert Bench(database, replace(SPOKEN, expires_at=at(100)), clock=clock).say(3.0, 3.0, 3.0) == 0
    bench = Bench(database, SPOKEN, clock=clock)
    bench.say(3.0, 3.0)
    bench.obey(agenda())
    assert bench.say(3.0, 3.0, 3.0) == 0
    bench.obey(agenda(policy=Policy(spoken_rules=(replace(SPOKEN, allowance="cd" * 7),))))
    assert bench.say(3.0, 3.0, 3.0) == 1


def test_stop_all_and_the_local_switch_silence_it(database: LedgerDatabase) -> None:
    bench = Bench(database, SPOKEN)
    bench.obey(replace(bench.agenda, stop=StopOrder(order="lenh-dung", ordered_at=NOON)))
    assert bench.say(*[3.0] * 40) == 0
    [entry] = bench.ledger.entries.values()
    assert entry.state is DeliveryState.MISSED
    bench.obey(agenda(policy=Policy(spoken_rules=(replace(SPOKEN, allowance="cd" * 7),))))
    bench.muted = True
    assert bench.say(3.0, 3.0, 3.0, 3.0) == 0


def test_an_agenda_that_ran_out_speaks_no_more(database: LedgerDatabase) -> None:
    bench = Bench(database, SPOKEN)
    bench.obey(agenda(policy=Policy(spoken_rules=(SPOKEN,)), expires_at=at(100)))
    assert bench.say(3.0, 3.0, 3.0, 3.0) == 0


def test_what_had_not_sounded_yet_is_called_off_when_the_water_falls(database: LedgerDatabase) -> None:
    bench = Bench(database, SPOKEN)
    bench.muted = True
    bench.say(3.0, 3.0, 3.0, 1.0)
    bench.muted = False
    assert bench.say(1.0, 1.0) == 0
    [entry] = bench.ledger.entries.values()
    assert entry.state is DeliveryState.CANCELLED


def test_it_passes_quiet_hours_and_is_an_emergency(database: LedgerDatabase) -> None:
    bench = Bench(database, SPOKEN)
    bench.say(3.0, 3.0, 3.0)
    [born] = bench.watch.born(bench.time)
    assert (born.broadcast_class, born.drill, born.live, born.resume) == (BroadcastClass.EMERGENCY, False, True, True)


def test_others_readings_count_from_their_own_gauges_and_only_while_they_are_fresh(database: LedgerDatabase) -> None:
    both = replace(
        RULE, gauge="xa_1", sender="xa_1", partner=Partner(gauge="cau_1", sender="loa-2", limit=5.0), in_row=1
    )
    bench = Bench(database, replace(SPOKEN, rule=both))
    assert bench.link.heard == [["loa-2", "xa_1"]]

    def hear(gauge: str, value: float, seconds: float) -> None:
        said = Reading(at=at(bench.now + seconds), value=value)
        bench.watch.arrived(ReadingsArrived(gauge, (said,)), bench.time)

    hear("xa_1", 9.0, -7200)
    hear("xa_1", 9.0, 900)
    hear("cau_1", 9.0, -10)
    assert bench.say() == 0
    bench.turn()
    assert bench.began == []
    hear("xa_1", 9.0, -5)
    bench.turn()
    assert len(bench.began) == 1


def test_its_own_readings_are_believed_at_first_hand_only(database: LedgerDatabase) -> None:
    bench = Bench(database, SPOKEN)
    forged = tuple(Reading(at=at(number), value=9.0) for number in range(5))
    bench.watch.arrived(ReadingsArrived("suoi_1", forged), bench.time)
    bench.turn()
    assert bench.began == []


def test_readings_wait_for_the_link_in_bounds_and_are_said_once(database: LedgerDatabase) -> None:
    bench = Bench(database)
    bench.link.up = False
    bench.say(1.0, 1.1, 1.2)
    bench.link.up = True
    bench.turn()
    bench.turn()
    assert [each.value for message in bench.link.said for each in message.readings] == [1.0, 1.1, 1.2]
    assert bench.watch._waiting.maxlen == MOST_WAITING


def test_a_clock_set_back_begins_a_new_row_and_nothing_else(database: LedgerDatabase) -> None:
    bench = Bench(database, SPOKEN)
    bench.say(3.0, 3.0)
    bench.now -= 3600
    assert bench.say(3.0, 3.0) == 0
    assert bench.say(3.0) == 1


def test_the_clip_is_fetched_before_all_that_can_wait() -> None:
    speaks = agenda(policy=Policy(spoken_rules=(replace(SPOKEN, parts=(OTHER.sha256,)),)))
    assert urgency(speaks)[0].sha256 == OTHER.sha256
    assert OTHER.sha256 in urgent_clips(speaks)
