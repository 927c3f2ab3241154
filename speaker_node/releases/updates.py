"""A newer program, from the order in the agenda to the program that runs: one step at each turn of the node's loop."""

import logging
import platform
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from broadcaster.protocol.errors import ProtocolError, Unsigned, WronglyAddressed
from broadcaster.protocol.release import (
    Release,
    ReleaseFailure,
    ReleaseReport,
    ReleaseState,
    is_newer,
    open_release,
)
from broadcaster.protocol.signing import Audience
from speaker_node.clips.clip_store import ClipStore
from speaker_node.deciding.situation import Situation
from speaker_node.link.reporting import software
from speaker_node.releases import launch_state, unpacking
from speaker_node.releases.judging import may_change, may_fetch, refusal
from speaker_node.releases.trial import Seen, Trial
from speaker_node.releases.work import InstallWork

log = logging.getLogger(__name__)
REST_SECONDS = 3600.0
"""What failed for a reason of the node's own, such as a full card, is tried again after so long."""
SOUND_SECONDS = 30.0
"""Between two looks whether the sound device opens."""


@dataclass(frozen=True, slots=True)
class Running:
    """This program.

    launched: the version a launcher started, ``installed`` for that of the installation; empty without a launcher.
    version: what it calls itself.
    machine: where it runs.
    """

    launched: str
    version: str
    machine: ReleaseReport

    @classmethod
    def own(cls, launched: str) -> "Running":
        """This very process."""
        python = f"{sys.version_info.major}.{sys.version_info.minor}"
        machine = ReleaseReport(python=python, machine=platform.machine()[:40], glibc=platform.libc_ver()[1][:20])
        return cls(launched, software(), machine)


class Updates:
    """Nothing of it happens in a program that no launcher started.

    sound_opens: whether the sound device can be opened now; asked in silence only.
    """

    def __init__(
        self,
        data: Path,
        running: Running,
        store: ClipStore,
        *,
        audience: Audience,
        sound_opens: Callable[[], bool],
        trial_seconds: int,
    ) -> None:
        self._root = data / launch_state.ROOT
        self._running = running
        self._store = store
        self._audience = audience
        self._sound_opens = sound_opens
        self._trial_seconds = trial_seconds
        self._trial = Trial(self._root, running.launched)
        self._token = ""
        self._release: Release | None = None
        self._failure: ReleaseFailure | None = None
        self._rests_until = float("-inf")
        self._work: tuple[str, InstallWork] | None = None
        self._noted_stuck = False
        self._tidied = False
        self._state = ReleaseState.IDLE
        self._sound: tuple[float, bool] | None = None
        self.holds_back = False
        """The files of a release may not take the link now."""
        self.ends = False
        """The node shall end, so that another program is started."""

    @property
    def report(self) -> ReleaseReport | None:
        """For the status; None in a program that cannot be replaced."""
        machine, release = self._running.machine, self._release
        if not self._running.launched:
            return None
        if self._trial.active:
            return _reported(machine, self._running.version, ReleaseState.TRIAL)
        if self._failure:
            return _reported(machine, release.program if release else "", ReleaseState.FAILED, self._failure)
        if release and (code := self._trial.failed.get(release.program)):
            return _reported(machine, release.program, ReleaseState.FAILED, code)
        return _reported(machine, release.program if release else "", self._state)

    def step(self, situation: Situation, *, connected: bool, receipts: bool) -> None:
        """One look: at the program on trial, else at what is offered.

        connected: the broker has taken the node in; receipts: the station has acknowledged all that was stated.
        """
        if not self._running.launched or self.ends:
            return
        reading = situation.reading
        seen = Seen(
            agenda=situation.agenda is not None,
            sound=not self._trial.active or not self._trial.had_sound or self._has_sound(situation),
            connected=connected,
            receipts=receipts,
            trusted=reading.trusted,
        )
        with suppress(OSError):  # what the card does not take now is noted at a later step; starts are counted anyway
            self.ends = self._trial.step(seen, reading.monotonic)
        if not self._trial.active and not self.ends:
            self._read_order(situation.agenda.release if situation.agenda else "")
            self._follow(situation)

    def ended(self) -> None:
        """The node was asked to end, and does."""
        with suppress(OSError):
            self._trial.ended_politely()

    def _read_order(self, token: str) -> None:
        if token == self._token:
            return
        self._token, self._release, self._failure = token, None, None
        self._rests_until, self._state = float("-inf"), ReleaseState.IDLE
        self._tidied = False
        if not token:
            return
        try:
            release = open_release(token, self._audience)
        except Unsigned:
            self._failure = ReleaseFailure.UNSIGNED
        except WronglyAddressed:
            self._failure = ReleaseFailure.FOREIGN
        except ProtocolError:
            self._failure = ReleaseFailure.MALFORMED
        else:
            self._release = release
            if release.program != self._running.version:
                self._failure = refusal(release, running=self._running.version, machine=self._running.machine)
        if self._failure:
            log.warning("a release is refused: %s", self._failure)

    def _follow(self, situation: Situation) -> None:
        """From the files to the start of the new program."""
        release, monotonic = self._release, situation.reading.monotonic
        self.holds_back = True
        if release is None or not is_newer(release.program, self._running.version):
            self._state = ReleaseState.IDLE
            self._tidy(situation)
            return
        if release.program in self._trial.failed:
            self._tidy(situation)
            return
        if self._failure and not self._rested(monotonic):
            return
        self._failure = None
        self.holds_back = not may_fetch(release, situation)
        if any(wheel.sha256 not in self._store.held for wheel in release.wheels):
            self._state = ReleaseState.FETCHING
            return
        self._state = ReleaseState.WAITING
        if self._is_installed(release, situation) and may_change(release, situation):
            self._change(release, situation)

    def _tidy(self, situation: Situation) -> None:
        """Once for each order and each start, in silence: programs that neither run nor could be gone back to go."""
        if self._work is not None and self._work[1].over:
            self._work = None
        if self._tidied or situation.playing or self._work is not None:
            return
        self._tidied = True
        keep = frozenset({self._running.launched, self._trial.stuck})
        self._work = "", InstallWork(lambda: unpacking.prune(self._root, keep=keep))

    def _rested(self, monotonic: float) -> bool:
        """What an order itself lacks does not pass by waiting."""
        return float("-inf") < self._rests_until <= monotonic

    def _is_installed(self, release: Release, situation: Situation) -> bool:
        """Begins the work where it is not done, in silence."""
        if self._work is not None and self._work[1].over:
            (program, work), self._work = self._work, None
            if program == release.program:
                self._note(release, work, situation.reading.monotonic)
            return False
        if self._work is None and not launch_state.is_whole(self._root, release.program):
            if may_fetch(release, situation):
                wheels = {wheel.sha256: self._store.path(wheel.sha256) for wheel in release.wheels}
                self._work = release.program, InstallWork(lambda: self._install(release, wheels))
            return False
        return self._work is None

    def _install(self, release: Release, wheels: dict[str, Path]) -> None:
        unpacking.prune(self._root, keep=frozenset({release.program}))
        unpacking.unpack(release, wheels, self._root)

    def _note(self, release: Release, work: InstallWork, monotonic: float) -> None:
        if work.trouble:
            log.error("a release could not be installed: %s", work.trouble)
        if work.refused is None and work.trouble is None:
            return
        code = work.refused.code if work.refused else ReleaseFailure.NOT_WRITTEN
        log.warning("version %s is not installed: %s", release.program, code)
        self._failure, self._rests_until = code, monotonic + REST_SECONDS
        if work.refused and work.refused.lasting:
            with suppress(OSError):
                self._trial.refuse(release.program, code)

    def _change(self, release: Release, situation: Situation) -> None:
        stuck, self._noted_stuck = self._trial.stuck == release.program and not self._noted_stuck, True
        try:
            if stuck:
                raise OSError("the start of a trial could not be noted")
            self._trial.begin(release.program, had_sound=self._has_sound(situation), trial_seconds=self._trial_seconds)
        except OSError:
            self._failure = ReleaseFailure.NOT_WRITTEN
            self._rests_until = situation.reading.monotonic + REST_SECONDS
            return
        log.info("version %s is tried", release.program)
        self.ends = True

    def _has_sound(self, situation: Situation) -> bool:
        """As the last look found it; what sounds now proves it."""
        if situation.playing:
            return True if self._sound is None else self._sound[1]
        monotonic = situation.reading.monotonic
        if self._sound is None or (monotonic - self._sound[0] >= SOUND_SECONDS and not self._sound[1]):
            self._sound = (monotonic, self._sound_opens())
        return self._sound[1]


def _reported(machine: ReleaseReport, program: str, state: ReleaseState, failure: str | None = None) -> ReleaseReport:
    return ReleaseReport(
        python=machine.python,
        machine=machine.machine,
        glibc=machine.glibc,
        program=program,
        state=state,
        failure=failure,
    )
