"""What sounds now: orders to the player, and what comes of them into the ledger."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from broadcaster.protocol.agenda import Agenda, AgendaItem
from broadcaster.protocol.live.packets import RATE
from broadcaster.protocol.reasons import ReasonCode
from broadcaster.protocol.values import BroadcastClass, DeliveryState
from speaker_node.body.amplifier import Amplifier
from speaker_node.clips.clip_store import ClipStore
from speaker_node.clock.kernel_time import boot_id
from speaker_node.clock.reading import Clock, TimeReading
from speaker_node.deciding.arbiter import Start, Stop
from speaker_node.errors import NO_REASON, NodeReason
from speaker_node.events import SoundEnded, SoundEnding, SoundHeard, SoundStarted
from speaker_node.memory.ledger import Ledger, LedgerEntry
from speaker_node.memory.outbox import PlayFact
from speaker_node.sound.live.receiver import LiveReceiver
from speaker_node.sound.live.stream import LiveStream
from speaker_node.sound.player.playout import Playout
from speaker_node.sound.player.port import PlayOrder, Volume

log = logging.getLogger(__name__)
State = DeliveryState
OVERDUE_SECONDS = 60.0
JOINING_SECONDS = 0.6
"""From the decision to the first sample of live sound that has begun already: the device opens meanwhile."""
STALL_SECONDS = 0.25
"""A machine may stand still between the decision and the first sample; for longer than this it asks anew."""
ABOUT_TO_END_SECONDS = 1.0
"""A play whose end was announced this long ago and has not come is stopped all the same."""


class PlayControl:
    """One play at a time.

    playing: what sounds or is about to; None in silence.
    sounding: its first sample has left the device.
    joined: what sounds began in its middle, or is live: a microphone cannot hold it against its clips from the start.
    """

    def __init__(  # one keyword for each room it joins
        self,
        *,
        playout: Playout,
        ledger: Ledger,
        store: ClipStore,
        clock: Clock,
        amplifier: Amplifier,
        live: LiveReceiver,
        offset_ms: int = 0,
    ) -> None:
        self._playout = playout
        self._ledger = ledger
        self._store = store
        self._clock = clock
        self._amplifier = amplifier
        self._live = live
        self._offset_seconds = offset_ms / 1000
        self._stop: Stop | None = None
        self._over_seconds = float("inf")
        self._ending_seconds: float | None = None
        self._heard: bool | None = None
        self._whole: tuple[str, PlayFact] | None = None
        self._sounded_ms: dict[str, int] = {}
        self.playing: AgendaItem | None = None
        self.sounding = self.joined = False

    def begin(self, start: Start, agenda: Agenda, *, volume: Volume) -> bool:
        """Enter it in the ledger, then give it to the player; False when a clip turned out damaged.

        Raises StorageFault when the ledger cannot be written: then nothing sounds.
        """
        item, reading = start.item, self._clock.read()
        verified = [self._store.verify(agenda.clip(part)) for part in item.parts if self._is_whole(part, item)]
        if not all(verified):
            return False
        sounds = max(reading.monotonic_of(start.start_at), self._amplifier.awake_seconds(reading.monotonic))
        if item.keeps_its_time and reading.monotonic_of(start.start_at) < reading.monotonic:
            sounds = max(sounds, reading.monotonic + JOINING_SECONDS)
        self._ledger.begin(
            item.broadcast, at=reading.now_at, boot=boot_id(), sounds_seconds=max(sounds, reading.monotonic)
        )
        self.playing, self.sounding, self._stop, self._ending_seconds = item, False, None, None
        self._heard = None
        skip_seconds = sounds - reading.monotonic_of(start.start_at) if item.gives_way else 0.0
        skip_seconds = skip_seconds if skip_seconds > JOINING_SECONDS else 0.0
        self.joined = item.source is not None or skip_seconds > 0
        self._over_seconds = max(sounds, reading.monotonic) + item.duration_ms / 1000 + OVERDUE_SECONDS
        self._playout.begin(
            PlayOrder(
                broadcast=item.broadcast,
                parts=self.clip_paths(),
                start_seconds=sounds - self._offset_seconds,
                volume=volume,
                latest_seconds=max(sounds, _latest_seconds(item, reading)) + STALL_SECONDS,
                live=self._live_play(item, reading.monotonic_of(start.start_at), sounds) if item.source else None,
                skip_seconds=skip_seconds,
            )
        )
        return True

    def clip_paths(self) -> tuple[Path, ...]:
        """Files of what sounds or is about to."""
        return tuple(self._store.path(part) for part in self.playing.parts) if self.playing else ()

    def _is_whole(self, part: str, item: AgendaItem) -> bool:
        """Live sound does not wait for its chime."""
        return item.source is None or part in self._store.held

    def _live_play(self, item: AgendaItem, start_seconds: float, sounds: float) -> Callable[[], LiveStream]:
        """Makes the samples of a live item that begins to sound at ``sounds``: what is over by then is left out."""
        session = self._live.session(item)
        session.start_seconds = start_seconds
        source = item.source
        assert source
        parts = self.clip_paths() if all(self._is_whole(part, item) for part in item.parts) else ()
        fallback = source.fallback if all(clip in self._store.held for clip in source.fallback) else ()
        return lambda: LiveStream(
            parts,
            session.frames,
            session.totals,
            most_samples=item.duration_ms * RATE // 1000,
            skip_samples=max(0, round((sounds - start_seconds) * RATE)),
            fallback=[self._store.path(clip) for clip in fallback],
        )

    def stop(self, order: Stop) -> None:
        """Fall silent; the ledger hears of it when the player has.

        What is about to end does so by itself: cut there it would count as not played, and be heard whole twice.
        """
        if self._stop is None and not self._is_about_to_end():
            log.info("stopping %s: %s", order.broadcast, order.reason)
            self._stop = order
            self._playout.stop()

    def started(self, event: SoundStarted) -> None:
        """The first sample left."""
        if self.playing and self.playing.broadcast == event.broadcast:
            self.sounding = True
            self._ledger.started(event.broadcast, self._fact(State.PLAYING, event.at_seconds))

    def ending(self, event: SoundEnding) -> None:
        """The last sample is about to leave. Only an emergency is begun again after a crash: only it needs a mark."""
        self._ending_seconds = self._clock.read().monotonic
        if self.playing and self.playing.broadcast_class is BroadcastClass.EMERGENCY:
            self._ledger.ending(event.broadcast, at=self._clock.read().now_at)

    def ended(self, event: SoundEnded) -> None:
        """Silence again; say what became of it."""
        stop, sounded, item = self._stop, self.sounding, self.playing
        self.playing, self.sounding, self._stop = None, False, None
        played_ms, at = event.result.played_ms, event.result.ended_seconds
        if event.result.underruns:
            log.warning("device ran dry %d times during %s", event.result.underruns, event.broadcast)
        if item and item.source:
            self._ended_live(event, item, stop, sounded=sounded)
        elif event.result.whole:
            fact = replace(self._played(event, item), heard=self._heard)
            self._settle(event, fact)
            self._whole = event.broadcast, fact
        elif event.fault.code:
            self._settle(event, self._fact(State.FAILED, at, played_ms=played_ms, reason=event.fault))
        elif _waits_again(stop, sounded=sounded):
            if item and item.gives_way:
                self._sounded_ms[event.broadcast] = self._sounded_ms.get(event.broadcast, 0) + played_ms
            self._ledger.reopen(event.broadcast, at=self._clock.read().now_at)
        else:
            state, reason = (stop.state, stop.reason) if stop else (State.INTERRUPTED, ReasonCode.NODE_SHUT_DOWN)
            self._settle(event, self._fact(state, at, played_ms=played_ms, reason=NodeReason(reason)))

    def _played(self, event: SoundEnded, item: AgendaItem | None) -> PlayFact:
        """It ended by itself: what was heard of it, with what was heard before it gave way, and what was not."""
        played_ms, lost_ms = event.result.played_ms + self._sounded_ms.pop(event.broadcast, 0), 0
        if item and item.gives_way and self.joined:
            lost_ms = max(0, item.duration_ms - played_ms)
        return replace(self._fact(State.PLAYED, event.result.ended_seconds, played_ms=played_ms), lost_ms=lost_ms)

    def _ended_live(self, event: SoundEnded, item: AgendaItem, stop: Stop | None, *, sounded: bool) -> None:
        """What was heard of a session, and what was not: one that gives way goes on afterwards."""
        session = self._live.session(item)
        heard_ms, at = session.totals.heard_ms, event.result.ended_seconds
        whole_ms = session.frames.sound_ms if event.result.whole else None
        lost_ms = max(0, whole_ms - heard_ms) if whole_ms is not None else session.totals.lost_ms
        if not event.result.whole and not event.fault.code and _waits_again(stop, sounded=sounded):
            self._ledger.reopen(event.broadcast, at=self._clock.read().now_at)
            return
        state, reason = State.PLAYED, NO_REASON
        if event.fault.code:
            state, reason = State.FAILED, event.fault
        elif not event.result.whole:
            state = stop.state if stop else State.INTERRUPTED
            reason = NodeReason(stop.reason if stop else ReasonCode.NODE_SHUT_DOWN)
        elif not heard_ms:
            state, reason = State.FAILED, NodeReason(ReasonCode.LIVE_NOT_RECEIVED)
        fact = self._fact(state, at, played_ms=heard_ms, reason=reason)
        self._settle(event, replace(fact, lost_ms=lost_ms))

    def heard(self, event: SoundHeard) -> None:
        """The microphone's word on what sounds, or on what has just sounded whole."""
        if self.playing and self.playing.broadcast == event.broadcast:
            self._heard = event.heard
        elif event.heard is not None and self._whole and self._whole[0] == event.broadcast:
            self._ledger.restate(event.broadcast, replace(self._whole[1], heard=event.heard))

    def overdue(self, now_seconds: float) -> bool:
        """The player should have fallen silent long ago."""
        return self.playing is not None and now_seconds > self._over_seconds

    def recover(self, agenda: Agenda | None) -> None:
        """What the ledger says was playing and is not: crash, power cut, shutdown."""
        reading = self._clock.read()
        for broadcast, entry in list(self._ledger.entries.items()):
            if entry.state is not State.PLAYING or (self.playing and self.playing.broadcast == broadcast):
                continue
            if _never_sounded(entry, reading) or _plays_again(entry, broadcast, agenda):
                self._ledger.reopen(broadcast, at=reading.now_at)
            elif agenda is not None or entry.broadcast_class is not BroadcastClass.EMERGENCY:
                self._ledger.settle(
                    broadcast,
                    self._fact(State.INTERRUPTED, reading.monotonic, reason=NodeReason(ReasonCode.NODE_RESTARTED)),
                )

    def shut_down(self) -> bool:
        """Fall silent for good; True while a ``SoundEnded`` is still to come.

        An emergency stays open in the ledger: the next start plays it again while it is valid.
        """
        if self.playing is None:
            return False
        urgent = self.playing.broadcast_class is BroadcastClass.EMERGENCY or self.playing.source is not None
        waits = urgent or not self.sounding
        self.stop(Stop(self.playing.broadcast, State.INTERRUPTED, ReasonCode.NODE_SHUT_DOWN, again=waits))
        return True

    def _is_about_to_end(self) -> bool:
        since = self._ending_seconds
        return since is not None and self._clock.read().monotonic - since < ABOUT_TO_END_SECONDS

    def _settle(self, event: SoundEnded, fact: PlayFact) -> None:
        log.info("%s: %s after %d ms %s", event.broadcast, fact.state, fact.played_ms, fact.reason.code)
        self._ledger.settle(event.broadcast, fact)

    def _fact(self, state: State, at_seconds: float, *, played_ms: int = 0, reason: NodeReason = NO_REASON) -> PlayFact:
        reading = self._clock.read()
        at = reading.now_at + timedelta(seconds=at_seconds + self._offset_seconds - reading.monotonic)
        return PlayFact(state, at, reading.state, played_ms, reason)


def _waits_again(stop: Stop | None, *, sounded: bool) -> bool:
    """A play that gave way, or one that stood still past its latest beginning: the arbiter judges it anew."""
    if stop is None:
        return not sounded
    return stop.again or (not sounded and stop.reason is ReasonCode.EMERGENCY_FIRST)


def _latest_seconds(item: AgendaItem, reading: TimeReading) -> float:
    """Monotonic second at which it must have begun to be over by its expiry."""
    if not reading.trusted:
        return float("inf")
    length_ms = 0 if item.keeps_its_time else item.duration_ms
    return reading.monotonic_of(item.expires_at) - length_ms / 1000


def _never_sounded(entry: LedgerEntry, reading: TimeReading) -> bool:
    """Begun in this very boot for an instant that has not come yet."""
    return not entry.sounding and entry.boot == boot_id() and reading.monotonic < entry.sounds_seconds


def _plays_again(entry: LedgerEntry, broadcast: str, agenda: Agenda | None) -> bool:
    """An emergency cut short is played again from the start, and a relay or live sound goes on where it is by now; the
    arbiter judges whether there is time."""
    for item in agenda.items if agenda and not entry.ending else ():
        if item.broadcast == broadcast:
            return item.keeps_its_time or entry.broadcast_class is BroadcastClass.EMERGENCY
    return False
