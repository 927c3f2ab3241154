"""A daemon of ours as a child process: started, watched, started again when it dies, and stopped for certain."""

import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from broadcaster.errors import Unavailable
from broadcaster.refusals.reasons import Reason

STOP_SECONDS = 10.0
LOG_BYTES = 5_000_000
_LONGEST_PAUSE_SECONDS = 60.0
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)


class Child:
    """One ``loa`` command in its own process group, its words in ``<log_dir>/<name>.log``.

    ``clock`` gives monotonic seconds; it is an argument so that a test need not wait.
    """

    def __init__(
        self, name: str, command: Sequence[str], log_dir: Path, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.name = name
        self.log = log_dir / f"{name}.log"
        self._command = [sys.executable, "-m", "loa", *command]
        self._clock = clock
        self._process: subprocess.Popen[bytes] | None = None
        self._falls = 0
        self._start_again_at: float | None = None
        self._started_at = 0.0

    def start(self) -> None:
        """Start it. Raises Unavailable when the log cannot be written or the program not be started."""
        try:
            self.log.parent.mkdir(parents=True, exist_ok=True)
            with self.log.open("wb" if self._log_is_long() else "ab") as log:
                self._process = subprocess.Popen(  # noqa: S603  # our own program with our own arguments
                    self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                    process_group=0, preexec_fn=_die_with_parent,  # noqa: PLW1509  # one C call, before any thread of the child
                )  # fmt: skip
        except OSError as error:
            raise Unavailable("process.not_started", process=self.name, cause=error.strerror) from None
        self._started_at = self._clock()

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def keep_alive(self) -> None:
        """Start it again when it has died; ever more slowly while it keeps dying."""
        if self.alive():
            return
        if self._start_again_at is None:
            self._falls = 1 if self._clock() - self._started_at > _LONGEST_PAUSE_SECONDS else self._falls + 1
            pause_seconds = min(2.0 ** (self._falls - 1), _LONGEST_PAUSE_SECONDS)
            self._start_again_at = self._clock() + pause_seconds
            print(f"“{self.name}” đã dừng; chạy lại sau {pause_seconds:.0f} giây. Nhật ký: {self.log}", flush=True)
        elif self._clock() >= self._start_again_at:
            self._start_again_at = None
            self.start()

    def stop(self) -> None:
        """Ask it to end, and end it when it does not within STOP_SECONDS."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def last_words(self) -> Reason:
        """The last line it wrote, which says why it died."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        if not lines:
            return Reason("process.ended_silently", process=self.name)
        return Reason("process.last_words", words=lines[-1])

    def _log_is_long(self) -> bool:
        return self.log.exists() and self.log.stat().st_size > LOG_BYTES


def _die_with_parent() -> None:
    """A supervisor that is killed leaves nothing running behind (prctl(2), PR_SET_PDEATHSIG)."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
