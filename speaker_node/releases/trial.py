"""This program on trial: it keeps the kernel's alarm away, is judged, and is confirmed or left."""

import logging
import signal
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from speaker_node.releases import launch_state
from speaker_node.releases.judging import TrialProgress, judge
from speaker_node.releases.launch_state import CURRENT, PREVIOUS, LaunchState

log = logging.getLogger(__name__)
SETTLED_SECONDS = 180.0
"""A confirmed program that runs so long does not crash at its start."""
Alarm = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look at the node found; each as in ``TrialProgress``."""

    agenda: bool
    sound: bool
    connected: bool
    receipts: bool
    trusted: bool


class Trial:
    """Of the version that was launched, if it is not the installed one; ``active`` while it still has to prove itself.

    alarm: what sets the kernel's alarm, by seconds; 0 takes it away.
    """

    def __init__(self, root: Path, launched: str, *, alarm: Alarm = signal.alarm) -> None:
        self._root = root
        self._launched = launched if launch_state.is_version(launched) else ""
        self._alarm = alarm
        self._state: LaunchState = launch_state.read(root)
        self._began: float | None = None
        self._settled = False
        self.active = bool(self._launched) and self._state.trial == self._launched

    @property
    def failed(self) -> dict[str, str]:
        """Code of every version that failed lately."""
        return dict(self._state.failed)

    @property
    def had_sound(self) -> bool:
        """The program before could open the sound device."""
        return self._state.had_sound

    @property
    def stuck(self) -> str:
        """A version that was to be tried and never was: whoever starts programs could not note it on the card."""
        return self._state.trial if self._state.trial and not self.active else ""

    def step(self, seen: Seen, monotonic: float) -> bool:
        """One look; True when the node shall end, so that the version before is started. Raises OSError."""
        self._began = monotonic if self._began is None else self._began
        running = monotonic - self._began
        if not self.active:
            self._settle(running)
            return False
        self._alarm(self._state.alarm_seconds)
        progress = TrialProgress(running, seen.agenda, seen.sound, seen.connected, seen.receipts, seen.trusted)
        verdict = judge(progress, trial_seconds=self._state.trial_seconds)
        if verdict.confirmed:
            self._confirm()
        elif verdict.failure:
            log.error("version %s is left: %s", self._launched, verdict.failure)
            self.leave(verdict.failure)
            return True
        return False

    def begin(self, version: str, *, had_sound: bool, trial_seconds: int) -> None:
        """Have this version tried at the next start. Raises OSError."""
        self._keep(replace(self._state, trial=version, starts=0, had_sound=had_sound, trial_seconds=trial_seconds))

    def leave(self, failure: str) -> None:
        """Never try this version again. Raises OSError."""
        version = self._state.trial or self._launched
        self._keep(replace(self._state, trial="", starts=0, failed=self._state.with_failed(version, failure)))

    def refuse(self, version: str, failure: str) -> None:
        """The same of a version that was never started. Raises OSError."""
        self._keep(replace(self._state, failed=self._state.with_failed(version, failure)))

    def ended_politely(self) -> None:
        """A clean end says nothing against the program. Raises OSError."""
        if self._launched and not self.active and self._state.crashes:
            self._keep(replace(self._state, crashes=0))

    def _confirm(self) -> None:
        """Each step leaves a state in which this version or the one before is started."""
        before = launch_state.linked(self._root, CURRENT)
        if before != self._launched:
            launch_state.link(self._root, PREVIOUS, before)
            launch_state.link(self._root, CURRENT, self._launched)
        self._keep(replace(self._state, trial="", starts=0, crashes=0))
        self.active = False
        self._alarm(0)
        log.info("version %s is confirmed", self._launched)

    def _settle(self, running: float) -> None:
        if self._settled or running < SETTLED_SECONDS:
            return
        self._settled = True
        if self._launched and self._state.crashes:
            self._keep(replace(self._state, crashes=0))

    def _keep(self, state: LaunchState) -> None:
        launch_state.write(self._root, state)
        self._state = state
