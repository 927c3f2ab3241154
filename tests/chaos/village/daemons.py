"""The processes of the village: started, killed without warning, frozen, thawed and started again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from tests.chaos.judging.diary import Diary

ROOT = Path(__file__).parents[3]


class Daemon:
    """One process of ours, in a group of its own, its words in a log.

    name: in the diary.
    wanted: it ought to run; False after it was retired.
    """

    def __init__(
        self, name: str, module: Sequence[str], *, log: Path, environ: Mapping[str, str], diary: Diary
    ) -> None:
        self.name = name
        self.log = log
        self.wanted = False
        self.environ = dict(environ)
        self._module = list(module)
        self._diary = diary
        self._process: subprocess.Popen[bytes] | None = None
        self._down: int | None = None
        self._frozen: int | None = None

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def frozen(self) -> bool:
        return self._frozen is not None

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    def start(self) -> None:
        """Run, unless it runs already."""
        self.wanted = True
        if self.alive:
            return
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *self._module], cwd=ROOT, env=self.environ,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, process_group=0,
            )  # fmt: skip
        if self._down is not None:
            self._diary.end(self._down)
            self._down = None

    def kill(self, *, what: str = "kill") -> None:
        """As a power cut ends it: no word of goodbye. It is down until ``start``."""
        if not self.alive:
            return
        self.thaw()
        self._down = self._diary.begin(what, self.name)
        self._signal(signal.SIGKILL)
        self._wait(10)

    def freeze(self) -> None:
        """Stopped in mid-step until ``thaw``."""
        if self.alive and not self.frozen:
            self._frozen = self._diary.begin("freeze", self.name)
            self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on where it stood."""
        if self._frozen is not None:
            self._signal(signal.SIGCONT)
            self._diary.end(self._frozen)
            self._frozen = None

    def retire(self, *, politely: bool = True) -> None:
        """End it for good."""
        self.wanted = False
        if not self.alive:
            return
        self.thaw()
        self._diary.begin("retire", self.name, fault=False)
        self._signal(signal.SIGTERM if politely else signal.SIGKILL)
        self._wait(15)

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def _wait(self, seconds: float) -> None:
        assert self._process
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)


class BrokerDaemon:
    """The Mosquitto that the station runs as its own child, found by the file in which the station keeps its id."""

    name = "broker"

    def __init__(self, folder: Path, diary: Diary) -> None:
        self._folder = folder
        self._diary = diary
        self._frozen: tuple[int, int] | None = None

    @property
    def frozen(self) -> bool:
        return self._frozen is not None

    def kill(self, *, wipe: bool = False) -> None:
        """Ended without warning; the station starts it again. With ``wipe`` it has forgotten everything by then."""
        pid = self._pid()
        if pid is None:
            return
        self.thaw()
        number = self._diary.begin("wipe" if wipe else "kill", self.name)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        if wipe:
            time.sleep(0.05)
            for path in self._folder.glob("mosquitto.db*"):
                path.unlink(missing_ok=True)
        time.sleep(0.2)
        self._diary.end(number)

    def freeze(self) -> None:
        """Stopped in mid-step until ``thaw``."""
        pid = self._pid()
        if pid is not None and not self.frozen:
            self._frozen = (pid, self._diary.begin("freeze", self.name))
            os.kill(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on where it stood."""
        if self._frozen:
            pid, number = self._frozen
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
            self._diary.end(number)
            self._frozen = None

    def _pid(self) -> int | None:
        """Of the running process; a file left by an earlier one does not count."""
        try:
            pid = int((self._folder / "pid").read_text())
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError):
            return None
        return pid if str(self._folder).encode() in command else None
