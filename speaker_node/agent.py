"""The node as a whole: one loop that takes events in order and, after each, decides anew."""

import logging
import queue
from collections.abc import Callable, Iterator
from datetime import timedelta

from broadcaster.protocol.agenda import Agenda
from broadcaster.protocol.errors import ProtocolError, Replayed
from speaker_node import events
from speaker_node.assembly import Substitutes, assemble
from speaker_node.clock.reading import TimeReading
from speaker_node.condition import condition, vitals
from speaker_node.deciding.arbiter import PlayDecision, decide, facts
from speaker_node.deciding.situation import Situation
from speaker_node.errors import StorageFault
from speaker_node.setup.settings import LocalSettings

log = logging.getLogger(__name__)
TICK_SECONDS = 1.0
"""The loop looks at the clock at least this often, so that a step of it is noticed."""


REAL = Substitutes()


class Agent:
    """One node. ``run`` in any thread; ``stop`` from any other.

    Who drives many nodes in one thread calls ``begin``, then ``turn`` whenever something has come for the node or its
    ``pause_seconds`` are over, until it says False, then ``end``.
    """

    def __init__(self, settings: LocalSettings, *, substitutes: Substitutes = REAL) -> None:
        """Raises StorageFault or SettingsRefused when the node cannot work at all."""
        self._events = substitutes.inbox or queue.SimpleQueue[events.Event]()
        self._parts = parts = assemble(settings, post=self._events.put, substitutes=substitutes)
        self._arrived_live: set[str] = set()
        self._seen_in_time: set[str] = set()
        self._trouble = ""
        self._running = True
        self._tick_seconds = substitutes.tick_seconds
        self.pause_seconds = 0.0
        self._take: dict[type, Callable[..., None]] = {
            events.LinkUp: self._link_up,
            events.LinkDown: self._link_down,
            events.AgendaArrived: self._agenda_arrived,
            events.ChunkArrived: lambda event: parts.clips.arrived(event, parts.clock.read()),
            events.LiveArrived: lambda event: parts.live.arrived(event, parts.clock.read()),
            events.ReadingsArrived: self._readings_arrived,
            events.ProbeAnswered: lambda event: parts.clips.probe_answered(event.number),
            events.AcksArrived: lambda event: parts.records.outbox.acknowledged(event.receipts),
            events.ClockAnswered: lambda event: parts.clock.answered(event.reply, event.arrived_seconds),
            events.MessageRefused: lambda event: log.warning("refused on %s: %s", event.topic, event.reason),
            events.SoundStarted: parts.sound.started,
            events.SoundEnding: parts.sound.ending,
            events.SoundEnded: parts.sound.ended,
            events.SoundHeard: self._sound_heard,
            events.StickAsks: self._stick_asks,
            events.StopAsked: self._stop_asked,
        }

    def stop(self) -> None:
        """Ask the node to end; ``run`` returns within two seconds."""
        self._events.put(events.StopAsked())

    def run(self) -> None:
        """Work until stopped."""
        self.begin()
        try:
            while self.turn():
                pass
        finally:
            self.end()

    def begin(self) -> None:
        """Take up where the last run ended, and connect."""
        self._recover()
        self._parts.link.open()
        self._parts.board.tell_ready()

    def turn(self) -> bool:
        """Wait for what comes, take it, and decide anew; False when the node was asked to end."""
        for event in self._arrivals(self.pause_seconds):
            self._guarded(self._take[type(event)], event)
        self.pause_seconds = self._longest_seconds
        if self._running:
            self._guarded(self._step)
        return self._running

    @property
    def _longest_seconds(self) -> float:
        return self._tick_seconds or TICK_SECONDS

    def _arrivals(self, wait_seconds: float) -> Iterator[events.Event]:
        """What has come, after waiting for the first; a flood does not keep the loop from deciding."""
        try:
            yield self._events.get(timeout=max(0.0, wait_seconds)) if wait_seconds > 0 else self._events.get_nowait()
            for _ in range(50):
                yield self._events.get_nowait()
        except queue.Empty:
            return

    def _guarded(self, action: Callable[..., None], *given: object) -> bool:
        """Do it; False when it failed. Whatever fails is reported and the node goes on with what it has."""
        try:
            action(*given)
            return True
        except StorageFault as fault:
            log.error("%s", fault)
            self._parts.board.health.storage_fault = fault
        except Exception:  # the outermost loop: one bad event must not silence a node for everything that follows
            log.exception("unexpected, in %s", getattr(action, "__name__", action))
            self._trouble = "program_error"
        return False

    def _recover(self) -> None:
        """Take up where the last run ended."""
        agendas = self._parts.records.agendas
        try:
            agendas.reload()
        except (ProtocolError, OSError) as error:
            log.warning("stored agenda not usable: %s", error)
            self._trouble = "agenda_damaged"
        if agendas.current:
            self._guarded(self._parts.gauges.obey, agendas.current)
        self._guarded(self._parts.sound.recover, self._duty(self._parts.clock.read()))
        if agendas.current:
            self._guarded(self._obey, agendas.current)

    def _link_up(self, event: events.LinkUp) -> None:
        log.info("connected (%d)", event.connection)
        self._parts.clock.link_up()
        self._parts.clips.link_changed(up=True)
        self._parts.live.link_up()
        self._parts.gauges.link_up()
        self._parts.link.up(event.connection)

    def _link_down(self, event: events.LinkDown) -> None:
        log.info("not connected (%d): %s", event.connection, event.reason)
        self._parts.clips.link_changed(up=False)
        self._parts.link.down()
        self._parts.records.connections.reserve()

    def _agenda_arrived(self, event: events.AgendaArrived) -> None:
        reading = self._parts.clock.read()
        try:
            agenda = self._parts.records.agendas.accept(event.token, now_at=reading.now_at if reading.trusted else None)
        except Replayed:
            return  # the broker's retained copy comes with every connection
        except ProtocolError as error:
            log.warning("agenda refused: %s: %s", type(error).__name__, error)
            return
        log.info("agenda %d: %d items, %d clips", agenda.number, len(agenda.items), len(agenda.clips))
        self._trouble = ""
        if not event.by_hand:
            self._arrived_live.update(item.broadcast for item in agenda.items if item.live)
        self._obey(agenda)

    def _sound_heard(self, event: events.SoundHeard) -> None:
        self._parts.board.heard_play(event)
        self._parts.sound.heard(event)

    def _stick_asks(self, event: events.StickAsks) -> None:
        parts, agenda = self._parts, self._parts.records.agendas.current
        if not event.receipts:
            parts.link.give_chunks(parts.clips.missing_chunks())
            return
        parts.link.give_report(
            agenda_number=agenda.number if agenda else 0,
            clips_missing=parts.clips.clips_missing(),
            receipts=parts.records.outbox.everything(),
        )

    def _obey(self, agenda: Agenda) -> None:
        """Enter what is new, fetch what is needed."""
        parts, ledger = self._parts, self._parts.records.ledger
        parts.clock.not_before(agenda.issued_at)
        reading = parts.clock.read()
        parts.gauges.obey(agenda)
        duty = self._duty(reading) or agenda
        named = {item.broadcast for item in duty.items}
        self._seen_in_time &= named
        self._arrived_live &= named
        ledger.enter(duty.items, at=reading.now_at)
        parts.sound.recover(duty)
        ledger.prune(named, at=reading.now_at)
        parts.clips.want(agenda, keep=parts.sound.playing.parts if parts.sound.playing else ())

    def _readings_arrived(self, event: events.ReadingsArrived) -> None:
        self._parts.gauges.arrived(event, self._parts.clock.read())

    def _duty(self, reading: TimeReading) -> Agenda | None:
        """What the station asks, and what began here."""
        records = self._parts.records
        return self._parts.gauges.duty(records.agendas.current, records.ledger.entries, reading)

    def _watch_gauges(self, reading: TimeReading) -> None:
        """Read them; what begins is entered, and counts as ordered now."""
        self._parts.gauges.step(reading)
        began = self._parts.gauges.born(reading)
        self._parts.records.ledger.enter(began, at=reading.now_at)
        self._arrived_live.update(item.broadcast for item in began)

    def _stop_asked(self, _: events.StopAsked) -> None:
        self._running = False

    def _step(self) -> None:
        """Decide, act, speak, and say how long the loop may wait for the next event."""
        parts, reading = self._parts, self._parts.clock.read()
        parts.board.health.storage_fault = parts.records.database.fault or parts.board.health.storage_fault
        self._guarded(self._watch_gauges, reading)
        self._see(reading)
        parts.live.step(parts.records.agendas.current, reading, parts.sound.playing)
        situation = self._situation(reading)
        self._guarded(parts.screen.step, situation)
        decision = decide(situation)
        parts.sound.turn_volume(parts.records.agendas.current, reading, decision.start.item if decision.start else None)
        done = self._guarded(self._carry_out, decision, reading)
        self._guarded(parts.clips.scrub)
        self._guarded(self._update, situation)
        month = parts.link.bytes_this_month(reading.now_at)
        parts.clips.step(reading, bytes_this_month=month, hold_wheels=parts.updates.holds_back)
        if not parts.clips.busy and (question := parts.clock.question()):
            parts.link.ask(question)
        again_seconds = parts.link.step(condition(parts, reading, trouble=self._trouble), reading)
        self._guarded(self._return_to_card, reading)
        parts.board.feed_watchdog(
            vitals(parts, reading), reading.monotonic, disk_given_up=parts.records.database.volatile
        )
        parts.sound.switch_amplifier(reading, next_at=decision.next_at)
        longest = again_seconds or self._longest_seconds
        self.pause_seconds = self._wait_seconds(decision, longest) if done else self._longest_seconds

    def _update(self, situation: Situation) -> None:
        parts = self._parts
        parts.updates.step(situation, connected=parts.link.connected, receipts=not len(parts.records.outbox))
        if parts.updates.ends:
            self._running = False

    def _return_to_card(self, reading: TimeReading) -> None:
        parts = self._parts
        if parts.records.recovery.step(reading.monotonic, busy=parts.sound.playing is not None):
            parts.board.health.storage_fault = None

    def _wait_seconds(self, decision: PlayDecision, longest: float) -> float:
        if decision.settle or decision.start:
            return 0.0
        if decision.wake_at is None:
            return longest
        return min(longest, (decision.wake_at - self._parts.clock.read().now_at).total_seconds())

    def _situation(self, reading: TimeReading) -> Situation:
        parts, records = self._parts, self._parts.records
        return Situation(
            reading=reading,
            agenda=self._duty(reading),
            entries=records.ledger.entries,
            held=parts.clips.held,
            playing=parts.sound.playing,
            arrived_live=self._arrived_live,
            seen_in_time=self._seen_in_time,
            muted=parts.board.silenced,
            forgot_at=records.loss.before_at(reading.now_at if reading.trusted else None),
        )

    def _see(self, reading: TimeReading) -> None:
        """Remember what the node has known while it could still be played."""
        agenda = self._duty(reading)
        if agenda and reading.trusted:
            self._seen_in_time.update(
                item.broadcast
                for item in agenda.items
                if reading.now_at + timedelta(milliseconds=item.duration_ms) <= item.expires_at
            )

    def _carry_out(self, decision: PlayDecision, reading: TimeReading) -> None:
        parts, agenda = self._parts, self._duty(reading)
        if decision.stop:
            parts.sound.stop(decision.stop)
        parts.records.ledger.settle_all(facts(decision, reading))
        if decision.start and agenda:
            parts.sound.begin(decision.start, agenda)

    def end(self) -> None:
        """Silence first, then the ledger, then goodbye."""
        parts = self._parts
        if parts.sound.shut_down():
            for event in self._arrivals(0.0):
                if isinstance(event, (events.SoundStarted, events.SoundEnding, events.SoundEnded)):
                    self._guarded(self._take[type(event)], event)
        parts.sound.sleep()
        reading = parts.clock.read()
        parts.link.close(condition(parts, reading, trouble=self._trouble), reading)
        parts.records.database.close()
        parts.updates.ended()
