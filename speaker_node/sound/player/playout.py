"""The thread that plays: takes one order, posts what happens to the agent's loop."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from broadcaster.protocol.reasons import ReasonCode
from speaker_node.errors import SoundFault
from speaker_node.events import Event, PlayResult, SoundEnded, SoundEnding, SoundStarted
from speaker_node.sound.player.port import Player, PlayOrder

Post = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class _Reporter:
    """broadcast: what is played; post: where the facts go."""

    broadcast: str
    post: Post

    def started(self, at_seconds: float) -> None:
        self.post(SoundStarted(self.broadcast, at_seconds))

    def ending(self) -> None:
        self.post(SoundEnding(self.broadcast))


class Playout:
    """At most one play at a time, away from the agent's loop."""

    def __init__(self, player: Player, post: Post) -> None:
        self._player = player
        self._post = post
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def name(self) -> str:
        """What sounds."""
        return self._player.name

    def opens(self) -> bool:
        """Whether the device can be opened; to be asked while nothing plays."""
        try:
            self._player.try_out()
        except SoundFault:
            return False
        return True

    def begin(self, order: PlayOrder) -> None:
        """Play in the background. ``SoundEnded`` always follows."""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(order, self._stop), name="playout", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Fall silent; ``SoundEnded`` follows within a fraction of a second."""
        self._stop.set()

    def wait(self, timeout_seconds: float) -> None:
        """Until the play has ended."""
        if self._thread:
            self._thread.join(timeout_seconds)

    def _run(self, order: PlayOrder, stop: threading.Event) -> None:
        reporter = _Reporter(order.broadcast, self._post)
        try:
            self._post(SoundEnded(order.broadcast, self._player.play(order, listener=reporter, stop=stop)))
        except SoundFault as fault:
            self._failed(order, fault)
        except Exception as error:  # noqa: BLE001 - outermost of this thread: the agent must hear that it ended
            self._failed(order, SoundFault(ReasonCode.PLAYER_FAILED, error=error))

    def _failed(self, order: PlayOrder, fault: SoundFault) -> None:
        result = PlayResult(played_ms=fault.played_ms, ended_seconds=time.monotonic(), whole=False)
        self._post(SoundEnded(order.broadcast, result, fault.reason))
