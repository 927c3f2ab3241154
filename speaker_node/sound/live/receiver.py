"""Live sessions of the agenda in force: which to listen to, what comes of them, and how well that goes."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from nacl.signing import VerifyKey

from broadcaster.protocol.agenda import Agenda, AgendaItem
from broadcaster.protocol.errors import ProtocolError
from broadcaster.protocol.live.packets import unpack
from broadcaster.protocol.live.source import LiveHearing
from broadcaster.protocol.signing import Audience
from speaker_node.clock.reading import TimeReading
from speaker_node.events import LiveArrived
from speaker_node.link.connection import BrokerConnection
from speaker_node.sound.live.frames import LiveFrames, Refusal
from speaker_node.sound.live.stream import LiveTotals

log = logging.getLogger(__name__)
BEFORE = timedelta(seconds=60)
"""So long before its start a session is listened to: probes measure how late packets come."""
SAID_SECONDS = 2.0
"""Between two changes of what a status says of a session."""


@dataclass(slots=True)
class Session:
    """One session: its frames, what sounded of them, and the monotonic second of its item's start on this node, once it
    plays."""

    item: AgendaItem
    frames: LiveFrames
    totals: LiveTotals = field(default_factory=LiveTotals)
    start_seconds: float | None = None


class LiveReceiver:
    """Driven by the agent's loop."""

    def __init__(self, audience: Audience, connection: BrokerConnection) -> None:
        self._audience = audience
        self._key = VerifyKey(audience.key)
        self._connection = connection
        self._sessions: dict[str, Session] = {}
        self._said: LiveHearing | None = None
        self._said_seconds = float("-inf")

    def session(self, item: AgendaItem) -> Session:
        """The session of this item, which has a source."""
        assert item.source
        found = self._sessions.get(item.source.session)
        if found is None:
            found = self._sessions[item.source.session] = Session(item, LiveFrames(item.source.session))
            self._connection.subscribe_live(item.source.session)
        return found

    def link_up(self) -> None:
        """On a new connection nothing is subscribed."""
        for name in self._sessions:
            self._connection.subscribe_live(name)

    def step(self, agenda: Agenda | None, reading: TimeReading, playing: AgendaItem | None) -> None:
        """Listen to what is near or plays, and to nothing else."""
        wanted = {each.source.session: each for each in _near(agenda, reading, playing) if each.source}
        for name in [name for name in self._sessions if name not in wanted]:
            self._connection.unsubscribe_live(name)
            self._tell_refusals(self._sessions.pop(name))
        for item in wanted.values():
            found = self.session(item)
            found.item = item
            if item.source and item.source.ends_ms:
                found.frames.end_at(item.source.ends_ms)

    def arrived(self, event: LiveArrived, reading: TimeReading) -> None:
        """Judge a packet."""
        found = self._sessions.get(event.session)
        if found is None:
            return
        try:
            packet = unpack(event.payload, station=self._audience.station, session=event.session, key=self._key)
        except ProtocolError:
            found.frames.note(Refusal.FORGED)
            return
        if packet.seq != event.seq:
            found.frames.note(Refusal.FORGED)
            return
        since = reading.monotonic - event.arrived_seconds
        sent_ms = reading.now_at.timestamp() * 1000 - since * 1000 - packet.sent_ms
        found.frames.take(
            packet, late_ms=round(sent_ms), now_ms=_now_ms(found, reading), monotonic=event.arrived_seconds
        )

    def hearing(self, reading: TimeReading) -> LiveHearing | None:
        """What a status says; the same for a while, so that it is not said anew with every frame."""
        if not self._sessions:
            self._said = None
            return None
        if reading.monotonic - self._said_seconds >= SAID_SECONDS:
            self._said, self._said_seconds = self._now(), reading.monotonic
        return self._said

    def _now(self) -> LiveHearing:
        """Of the session that plays, or comes first."""
        found = min(self._sessions.values(), key=lambda each: (each.start_seconds is None, each.item.start_at))
        return LiveHearing(
            session=found.frames.session,
            heard_ms=found.totals.heard_ms,
            lost_ms=found.totals.lost_ms,
            late_ms=found.frames.late_ms,
            silent=found.totals.silent,
            refused=found.frames.hostile + self._connection.live_gate.dropped,
        )

    def _tell_refusals(self, session: Session) -> None:
        if session.frames.refused:
            counted = ", ".join(f"{count} {reason}" for reason, count in sorted(session.frames.refused.items()))
            log.info("live %s: packets refused: %s", session.frames.session, counted)


def is_over_at(item: AgendaItem) -> datetime:
    """When a live item ends for sure, but for the node's stagger."""
    ends_ms = item.source.ends_ms if item.source and item.source.ends_ms else item.duration_ms
    return item.start_at + timedelta(milliseconds=ends_ms)


def _near(agenda: Agenda | None, reading: TimeReading, playing: AgendaItem | None) -> Iterator[AgendaItem]:
    for item in agenda.items if agenda and not agenda.stop else ():
        mine = playing is not None and playing.broadcast == item.broadcast
        if not reading.trusted or mine or item.start_at - BEFORE <= reading.now_at < is_over_at(item):
            yield item


def _now_ms(session: Session, reading: TimeReading) -> int:
    """The present after the item's start, by the clock, or by the play where the clock is not trusted."""
    if reading.trusted:
        return round((reading.now_at - session.item.start_at).total_seconds() * 1000)
    return round((reading.monotonic - session.start_seconds) * 1000) if session.start_seconds is not None else 0
