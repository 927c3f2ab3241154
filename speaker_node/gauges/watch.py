"""The gauges a node listens to, and the broadcasts that begin here because of them."""

import logging
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Protocol

from msgspec import structs

from broadcaster.protocol.agenda import Agenda, AgendaItem
from broadcaster.protocol.gauges import born
from broadcaster.protocol.gauges.readings import MOST_READINGS, Reading, Readings
from broadcaster.protocol.values import DeliveryState
from speaker_node.clock.reading import TimeReading
from speaker_node.events import ReadingsArrived
from speaker_node.gauges.crossings import Crossings
from speaker_node.gauges.sources import GaugeSource
from speaker_node.memory.ledger import LedgerEntry

log = logging.getLogger(__name__)
SAY_SECONDS = 60.0
"""What this node read goes to the station at most so often."""
MOST_WAITING = 10_000
"""Readings kept while no link stands: a week of one a minute."""
AHEAD, OLD = timedelta(minutes=5), timedelta(hours=1)
"""What others say is from farther off was said by a wrong clock, or too late to warn anybody."""


class SensorLink(Protocol):
    """The part of the connection that gauges need."""

    def publish(self, message: Readings) -> bool: ...
    def subscribe_sensors(self, senders: Sequence[str]) -> None: ...


class GaugeWatch:
    """Driven by the agent's loop."""

    def __init__(
        self, node: str, sources: Mapping[str, GaugeSource], *, crossings: Crossings, link: SensorLink
    ) -> None:
        self._node = node
        self._sources = sources
        self._crossings = crossings
        self._link = link
        self._waiting: deque[tuple[str, Reading]] = deque(maxlen=MOST_WAITING)
        self._say_seconds = float("-inf")
        self._duty: tuple[Agenda, tuple[AgendaItem, ...], Agenda] | None = None

    def obey(self, agenda: Agenda) -> None:
        """The rules of this agenda hold from now on. Raises StorageFault."""
        self._crossings.obey(agenda.policy.spoken_rules)
        self.link_up()

    def link_up(self) -> None:
        """Listen to the gauges of others that the rules name."""
        named = {sender for each in self._crossings.rules for sender in each.rule.senders}
        if named - {self._node}:
            self._link.subscribe_sensors(sorted(named - {self._node}))

    def arrived(self, event: ReadingsArrived, reading: TimeReading) -> None:
        """What another gauge said; its own this node has at first hand. Raises StorageFault."""
        if event.gauge in self._sources:
            return
        for each in sorted(event.readings, key=lambda one: one.at):
            if not reading.trusted or reading.now_at - OLD <= each.at <= reading.now_at + AHEAD:
                self._crossings.take(event.gauge, each)

    def step(self, reading: TimeReading) -> None:
        """Read the node's own gauges, and say what they said. Raises StorageFault."""
        for gauge, source in self._sources.items():
            value = source.read(reading.monotonic)
            if value is not None:
                taken = Reading(at=reading.now_at, value=value)
                self._crossings.take(gauge, taken, own=True)
                if reading.trusted:
                    self._waiting.append((gauge, taken))
        if self._waiting and reading.monotonic >= self._say_seconds:
            self._say(reading.monotonic)

    def born(self, reading: TimeReading) -> tuple[AgendaItem, ...]:
        """What begins here and may sound now."""
        found = []
        for birth in self._crossings.births().values():
            spoken = self._crossings.rule(birth.allowance)
            if spoken is not None and reading.now_at < spoken.expires_at:
                found.append(born.item(spoken, birth))
        return tuple(found)

    def duty(self, agenda: Agenda | None, entries: Mapping[str, LedgerEntry], reading: TimeReading) -> Agenda | None:
        """The agenda with what began here; what sounds already goes on although the water fell meanwhile."""
        if agenda is None or not agenda.policy.spoken_rules:
            return agenda
        named = {item.broadcast for item in agenda.items}
        items = {item.broadcast: item for item in self.born(reading) if item.broadcast not in named}
        for broadcast, entry in entries.items():
            birth = born.birth_of(broadcast) if entry.state is DeliveryState.PLAYING else None
            spoken = self._crossings.rule(birth.allowance) if birth and broadcast not in named else None
            if birth and spoken:
                items[broadcast] = born.item(spoken, birth)
        more = tuple(items[name] for name in sorted(items))
        if self._duty is None or self._duty[0] is not agenda or self._duty[1] != more:
            self._duty = agenda, more, structs.replace(agenda, items=(*agenda.items, *more))
        return self._duty[2]

    def _say(self, monotonic: float) -> None:
        """The oldest first; what no link takes waits."""
        while self._waiting:
            gauge = self._waiting[0][0]
            some = [each for each in self._waiting if each[0] == gauge][: MOST_READINGS // 5]
            if not self._link.publish(Readings(gauge=gauge, readings=tuple(taken for _, taken in some))):
                return
            self._say_seconds = monotonic + SAY_SECONDS
            said = set(map(id, some))
            self._waiting = deque((each for each in self._waiting if id(each) not in said), maxlen=MOST_WAITING)
