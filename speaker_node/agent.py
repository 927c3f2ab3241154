"""The node as a whole: one loop that takes events in order and, after each, decides anew."""

import logging
import queue
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

from broadcaster.protocol.agenda import Agenda
from broadcaster.protocol.errors import ProtocolError, Replayed
from speaker_node import events
from speaker_node.assembly import Substitutes, assemble
from speaker_node.body.watchdog import Vitals, notify
from speaker_node.clock.node_clock import Reading
from speaker_node.condition import condition
from speaker_node.deciding.arbiter import Decision, decide
from speaker_node.deciding.situation import Situation
from speaker_node.deciding.volume import allowed_percent
from speaker_node.errors import StorageFault
from speaker_node.link.reporting import SHORTEST_SECONDS, Condition
from speaker_node.link.stick import OFF, Account, Lack
from speaker_node.memory.outbox import Fact
from speaker_node.setup.settings import Settings
from speaker_node.sound.hearing.listening import Play
from speaker_node.sound.player.port import Volume

log = logging.getLogger(__name__)
TICK_SECONDS = 1.0
"""The loop looks at the clock at least this often, so that a step of it is noticed."""
SHUTDOWN_SECONDS = 1.0


REAL = Substitutes()


class Agent:
    """One node. ``run`` in any thread; ``stop`` from any other."""

    def __init__(self, settings: Settings, *, substitutes: Substitutes = REAL) -> None:
        """Raises StorageFault or SettingsRefused when the node cannot work at all."""
        self._settings = settings
        self._events = substitutes.inbox or queue.SimpleQueue[events.Event]()
        self._rooms = assemble(settings, post=self._events.put, substitutes=substitutes)
        self._arrived_live: set[str] = set()
        self._seen_in_time: set[str] = set()
        self._trouble = ""
        self._volume = Volume(settings.volume_percent)
        self._running = True
        self._pause_seconds = 0.0
        self._take: dict[type, Callable[..., None]] = {
            events.LinkUp: self._link_up,
            events.LinkDown: self._link_down,
            events.AgendaArrived: self._agenda_arrived,
            events.ChunkArrived: lambda event: self._rooms.supply.arrived(event, self._rooms.clock.read()),
            events.KnockAnswered: lambda event: self._rooms.supply.knock_answered(event.number),
            events.AcksArrived: lambda event: self._rooms.outbox.acknowledged(event.receipts),
            events.ClockAnswered: lambda event: self._rooms.clock.answered(event.reply, event.arrived_seconds),
            events.MessageRefused: lambda event: log.warning("refused on %s: %s", event.topic, event.reason),
            events.SoundStarted: self._sound_started,
            events.SoundEnding: self._rooms.stage.ending,
            events.SoundEnded: self._sound_ended,
            events.SoundHeard: self._sound_heard,
            events.StickAsks: self._stick_asks,
            events.StopAsked: self._stop_asked,
        }

    def stop(self) -> None:
        """Ask the node to end; ``run`` returns within two seconds."""
        self._events.put(events.StopAsked())

    def run(self) -> None:
        """Work until stopped."""
        self._wake()
        self._rooms.link.open()
        if self._settings.usb != OFF:
            self._rooms.stick.open()
        notify("READY=1")
        try:
            while self._running:
                for event in self._arrivals(self._pause_seconds):
                    self._guarded(self._take[type(event)], event)
                self._pause_seconds = TICK_SECONDS
                if self._running:
                    self._guarded(self._step)
        finally:
            self._end()

    def _arrivals(self, wait_seconds: float) -> Iterator[events.Event]:
        """What has come, after waiting for the first; a flood does not keep the loop from deciding."""
        try:
            yield self._events.get(timeout=max(0.0, wait_seconds)) if wait_seconds > 0 else self._events.get_nowait()
            for _ in range(50):
                yield self._events.get_nowait()
        except queue.Empty:
            return

    def _guarded(self, action: Callable[..., None], *facts: object) -> bool:
        """Do it; False when it failed. Whatever fails is reported and the node goes on with what it has."""
        try:
            action(*facts)
            return True
        except StorageFault as fault:
            log.error("%s", fault)
            self._rooms.health.storage_fault = str(fault)
        except Exception:  # the outermost loop: one bad event must not silence a pole for everything that follows
            log.exception("unexpected, in %s", getattr(action, "__name__", action))
            self._trouble = "Chương trình cụm loa gặp lỗi lạ, xem nhật ký của máy."
        return False

    def _wake(self) -> None:
        """Take up where the last run ended."""
        rooms = self._rooms
        try:
            rooms.book.reload()
        except (ProtocolError, OSError) as error:
            log.warning("stored agenda not usable: %s", error)
            self._trouble = "Lịch lưu trên thẻ nhớ bị hỏng, đang chờ đài gửi lại."
        self._guarded(rooms.stage.recover, rooms.book.current)
        if rooms.book.current:
            self._guarded(self._obey, rooms.book.current)

    def _link_up(self, event: events.LinkUp) -> None:
        log.info("connected (%d)", event.connection)
        self._rooms.clock.link_up()
        self._rooms.supply.link_changed(up=True)
        self._rooms.reporter.link_up(event.connection)

    def _link_down(self, event: events.LinkDown) -> None:
        log.info("not connected (%d): %s", event.connection, event.reason)
        self._rooms.supply.link_changed(up=False)
        self._rooms.reporter.link_down()
        self._rooms.connections.reserve()

    def _agenda_arrived(self, event: events.AgendaArrived) -> None:
        reading = self._rooms.clock.read()
        try:
            agenda = self._rooms.book.accept(event.token, now_at=reading.now_at if reading.trusted else None)
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

    def _sound_started(self, event: events.SoundStarted) -> None:
        rooms, playing = self._rooms, self._rooms.stage.playing
        if playing and playing.broadcast == event.broadcast:
            parts = tuple(rooms.library.path(part) for part in playing.parts)
            rooms.ear.listen(Play(event.broadcast, parts, event.at_seconds))
        rooms.stage.started(event)

    def _sound_ended(self, event: events.SoundEnded) -> None:
        self._rooms.ear.silence()
        self._rooms.stage.ended(event)

    def _sound_heard(self, event: events.SoundHeard) -> None:
        self._rooms.health.heard_play(event)
        self._rooms.stage.heard(event)

    def _stick_asks(self, event: events.StickAsks) -> None:
        rooms, agenda = self._rooms, self._rooms.book.current
        if not event.receipts:
            rooms.stick.give(Lack(rooms.supply.lack()))
            return
        number = agenda.number if agenda else 0
        rooms.stick.give(Account(number, rooms.supply.clips_missing(), rooms.outbox.everything()))

    def _obey(self, agenda: Agenda) -> None:
        """Enter what is new, aim the fetching at what is needed."""
        rooms = self._rooms
        rooms.clock.not_before(agenda.issued_at)
        reading = rooms.clock.read()
        named = {item.broadcast for item in agenda.items}
        self._seen_in_time &= named
        self._arrived_live &= named
        rooms.ledger.note(agenda.items, at=reading.now_at)
        rooms.stage.recover(agenda)
        rooms.ledger.prune(named, at=reading.now_at)
        rooms.supply.aim(agenda, keep=rooms.stage.playing.parts if rooms.stage.playing else ())

    def _stop_asked(self, _: events.StopAsked) -> None:
        self._running = False

    def _step(self) -> None:
        """Decide, act, speak, and say how long the loop may wait for the next event."""
        rooms, reading = self._rooms, self._rooms.clock.read()
        rooms.health.storage_fault = rooms.database.fault or rooms.health.storage_fault
        self._see(reading)
        decision = decide(self._situation(reading))
        self._turn_volume(decision, reading)
        done = self._guarded(self._carry_out, decision, reading)
        self._guarded(rooms.supply.scrub)
        rooms.supply.step(reading, bytes_this_month=rooms.traffic.this_month(reading.now_at))
        if not rooms.supply.busy and (question := rooms.clock.question()):
            rooms.link.say(question)
        more = rooms.reporter.step(self._condition(reading), reading)
        self._guarded(partial(rooms.homecoming.step, reading.monotonic, busy=rooms.stage.playing is not None))
        self._feed(reading.monotonic)
        next_seconds = reading.monotonic_of(decision.next_at) if decision.next_at else None
        rooms.amplifier.step(reading.monotonic, next_seconds=next_seconds, playing=rooms.stage.playing is not None)
        longest = SHORTEST_SECONDS if more else TICK_SECONDS
        self._pause_seconds = self._wait_seconds(decision, longest) if done else TICK_SECONDS

    def _feed(self, monotonic: float) -> None:
        rooms = self._rooms
        vitals = Vitals(link_seconds=rooms.link.alive_seconds, player_overdue=rooms.stage.overdue(monotonic))
        rooms.watchdog.step(vitals, monotonic, disk_given_up=rooms.database.volatile)

    def _wait_seconds(self, decision: Decision, longest: float) -> float:
        if decision.settle or decision.start:
            return 0.0
        if decision.wake_at is None:
            return longest
        return min(longest, (decision.wake_at - self._rooms.clock.read().now_at).total_seconds())

    def _situation(self, reading: Reading) -> Situation:
        rooms = self._rooms
        return Situation(
            reading=reading,
            agenda=rooms.book.current,
            entries=rooms.ledger.entries,
            held=rooms.library.held,
            playing=rooms.stage.playing,
            arrived_live=self._arrived_live,
            seen_in_time=self._seen_in_time,
            muted=rooms.mute.on,
            forgot_at=rooms.memory_loss.before_at(reading),
        )

    def _see(self, reading: Reading) -> None:
        """Remember what the node has known while it could still be played."""
        agenda = self._rooms.book.current
        if agenda and reading.trusted:
            self._seen_in_time.update(
                item.broadcast
                for item in agenda.items
                if reading.now_at + timedelta(milliseconds=item.duration_ms) <= item.expires_at
            )

    def _carry_out(self, decision: Decision, reading: Reading) -> None:
        rooms = self._rooms
        if decision.stop:
            rooms.stage.stop(decision.stop)
        rooms.ledger.settle_all(
            (settle.broadcast, Fact(settle.state, reading.now_at, reading.state, reason=settle.reason))
            for settle in decision.settle
        )
        if decision.start and rooms.book.current:
            rooms.stage.begin(decision.start, rooms.book.current, volume=self._volume)

    def _turn_volume(self, decision: Decision, reading: Reading) -> None:
        """For what sounds or is about to; an hour that begins in the middle of it counts at once."""
        agenda = self._rooms.book.current
        item = decision.start.item if decision.start else self._rooms.stage.playing
        allowed = allowed_percent(agenda.policy, reading, item) if agenda else 100
        self._volume.percent = min(self._settings.volume_percent, allowed)

    def _condition(self, reading: Reading) -> Condition:
        return condition(self._rooms, reading, volume_percent=self._volume.percent, trouble=self._trouble)

    def _end(self) -> None:
        """Silence first, then the ledger, then goodbye."""
        rooms = self._rooms
        if rooms.stage.shut_down():
            rooms.playout.wait(SHUTDOWN_SECONDS)
            for event in self._arrivals(0.0):
                if isinstance(event, (events.SoundStarted, events.SoundEnding, events.SoundEnded)):
                    self._guarded(self._take[type(event)], event)
        rooms.stick.close()
        rooms.amplifier.sleep()
        reading = rooms.clock.read()
        condition = self._condition(reading)
        rooms.reporter.step(condition, reading)
        rooms.link.close(rooms.reporter.goodbye(condition, reading))
        rooms.traffic.close()
        rooms.database.close()
