"""A node as its own process, to be killed, frozen and started again."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from broadcaster.protocol.codec import encode
from broadcaster.protocol.enrolment import NodeBundle

ROOT = Path(__file__).parents[2]


class NodeProcess:
    """``python -m speaker_node`` with a bundle file.

    data: its folder, which outlives the process.
    memory: what outlives the process too, but not the power.
    """

    def __init__(
        self, folder: Path, bundle: NodeBundle, *arguments: str, environment: dict[str, str] | None = None
    ) -> None:
        self.data = folder / "data"
        self.data.mkdir(parents=True, exist_ok=True)
        self.memory = folder / "memory"
        self.memory.mkdir(exist_ok=True)
        self._bundle = folder / "bundle.json"
        self._bundle.write_bytes(encode(bundle))
        self._log = folder / "node.log"
        self._arguments = arguments
        self._environment = {"RUNTIME_DIRECTORY": str(self.memory), **(environment or {})}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Of the running process."""
        assert self._process
        return self._process.pid

    def start(self) -> None:
        """Run."""
        command = [sys.executable, "-W", "error", "-m", "speaker_node", "--bundle", str(self._bundle)]
        command += ["--data", str(self.data), "--trust-clock", *self._arguments]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env={**os.environ, **self._environment}, stdout=log, stderr=log
            )

    def kill(self) -> None:
        """End it without a word."""
        self.signal(signal.SIGKILL)
        self.wait()

    def stop(self) -> int:
        """End it politely; its exit code."""
        self.signal(signal.SIGTERM)
        return self.wait()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal, unless it has ended already."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(number)

    def wait(self, timeout_seconds: float = 60) -> int:
        """Until it has ended; its exit code."""
        assert self._process
        return self._process.wait(timeout_seconds)

    def log(self) -> str:
        """Everything it said."""
        return self._log.read_text()

    def played(self) -> list[Path]:
        """What the file player recorded whole or until it was stopped."""
        return sorted((self.data / "played").glob("*.wav"))
