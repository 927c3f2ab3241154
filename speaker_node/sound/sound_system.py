"""Everything between a decision and the horn: play-out, volume, amplifier, and the microphone that proves it."""

from datetime import datetime

from broadcaster.protocol.agenda import Agenda, AgendaItem
from speaker_node.body.amplifier import Amplifier
from speaker_node.clock.reading import TimeReading
from speaker_node.deciding.arbiter import Start, Stop
from speaker_node.deciding.volume import allowed_percent
from speaker_node.errors import SoundFault
from speaker_node.events import SoundEnded, SoundEnding, SoundHeard, SoundStarted
from speaker_node.sound.hearing.listening import ClipListener, ExpectedSound
from speaker_node.sound.play_control import PlayControl
from speaker_node.sound.player.playout import Playout
from speaker_node.sound.player.port import Volume

SHUTDOWN_SECONDS = 1.0


class SoundSystem:
    """One play at a time."""

    def __init__(
        self,
        control: PlayControl,
        *,
        playout: Playout,
        listener: ClipListener,
        amplifier: Amplifier,
        most_percent: int,
    ) -> None:
        """``most_percent`` is the highest volume this node allows."""
        self._control = control
        self._playout = playout
        self._listener = listener
        self._amplifier = amplifier
        self._most_percent = most_percent
        self._volume = Volume(most_percent)

    @property
    def playing(self) -> AgendaItem | None:
        """What sounds or is about to; None in silence."""
        return self._control.playing

    @property
    def sounding(self) -> AgendaItem | None:
        """That whose first sample has left the device."""
        return self._control.playing if self._control.sounding else None

    @property
    def device(self) -> str:
        """What sounds, for the status."""
        return self._playout.name

    @property
    def volume_percent(self) -> int:
        """As it is set now."""
        return self._volume.percent

    @property
    def microphone_fault(self) -> SoundFault | None:
        """Why nothing can be heard; None when the microphone works or there is none."""
        return self._listener.fault

    def turn_volume(self, agenda: Agenda | None, reading: TimeReading, item: AgendaItem | None) -> None:
        """For what sounds or is about to; an hour that begins in the middle of it counts at once."""
        allowed = allowed_percent(agenda.policy, reading, item or self.playing) if agenda else 100
        self._volume.percent = min(self._most_percent, allowed)

    def begin(self, start: Start, agenda: Agenda) -> None:
        """See :meth:`PlayControl.begin`."""
        self._control.begin(start, agenda, volume=self._volume)

    def stop(self, order: Stop) -> None:
        """See :meth:`PlayControl.stop`."""
        self._control.stop(order)

    def started(self, event: SoundStarted) -> None:
        """The first sample left: listen to what follows."""
        if self.playing and self.playing.broadcast == event.broadcast and not self._control.joined:
            self._listener.listen(ExpectedSound(event.broadcast, self._control.clip_paths(), event.at_seconds))
        self._control.started(event)

    def ending(self, event: SoundEnding) -> None:
        """See :meth:`PlayControl.ending`."""
        self._control.ending(event)

    def ended(self, event: SoundEnded) -> None:
        """Silence again."""
        self._listener.silence()
        self._control.ended(event)

    def heard(self, event: SoundHeard) -> None:
        """See :meth:`PlayControl.heard`."""
        self._control.heard(event)

    def overdue(self, monotonic: float) -> bool:
        """The player should have fallen silent long ago."""
        return self._control.overdue(monotonic)

    def recover(self, agenda: Agenda | None) -> None:
        """See :meth:`PlayControl.recover`."""
        self._control.recover(agenda)

    def switch_amplifier(self, reading: TimeReading, *, next_at: datetime | None) -> None:
        """``next_at`` is the instant of the next first sample, if one is planned."""
        next_seconds = reading.monotonic_of(next_at) if next_at else None
        self._amplifier.step(reading.monotonic, next_seconds=next_seconds, playing=self.playing is not None)

    def shut_down(self) -> bool:
        """Fall silent for good; True while the events of the last play are still to be taken."""
        if not self._control.shut_down():
            return False
        self._playout.wait(SHUTDOWN_SECONDS)
        return True

    def sleep(self) -> None:
        """Amplifier off."""
        self._amplifier.sleep()
