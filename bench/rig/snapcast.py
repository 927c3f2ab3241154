"""Snapcast as a baseline: a server fed through a pipe, and a client for each sink. The programs are Debian's."""

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy

from tests.rig.clips import RATE, TestClip
from tests.rig.pulse import Pulse

BUFFER_SECONDS = 1.0
SETTLE_SECONDS = 8.0
STEP_FRAMES = RATE // 50
CHANNELS = 2


def installed() -> bool:
    return all(shutil.which(name) for name in ("snapserver", "snapclient"))


class Server:
    """A server, its clients, and a feeder that never lets the stream run dry."""

    def __init__(self, folder: Path, sound: Pulse, *, sinks: Sequence[str]) -> None:
        folder.mkdir()
        self._folder = folder
        self._sinks = sinks
        self._environment = {**os.environ, **sound.environment, "HOME": str(folder)}
        self._pipe = folder / "pipe"
        self._waiting: list[bytes] = []
        self._fed_at = 0.0
        self._closing = threading.Event()
        self._feeder = threading.Thread(target=self._run, daemon=True)
        self._processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        os.mkfifo(self._pipe)
        source = f"pipe://{self._pipe}?name=default&mode=read&sampleformat={RATE}:16:{CHANNELS}&codec=pcm&chunk_ms=20"
        (self._folder / "conf").write_text(
            f"[server]\ndatadir={self._folder}\n[http]\nenabled=false\n[tcp]\nbind_to_address=127.0.0.1\n"
            f"[stream]\nbind_to_address=127.0.0.1\nsource={source}\nbuffer={int(BUFFER_SECONDS * 1000)}\n"
        )
        self._start("snapserver", "-c", str(self._folder / "conf"))
        time.sleep(1)
        for number, sink in enumerate(self._sinks, start=1):
            name = ["--hostID", f"n{number}", "-i", str(number)]
            self._start("snapclient", "-h", "127.0.0.1", *name, "--player", "pulse", "-s", sink)
        self._feeder.start()
        time.sleep(SETTLE_SECONDS)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._closing.set()
        self._feeder.join(2)
        for process in reversed(self._processes):
            process.terminate()
            process.wait(10)

    def feed(self, clip: TestClip) -> float:
        """Let it sound; the second since 1970 at which its first sample went into the pipe."""
        mono = (clip.samples * 32767).astype(numpy.int16)
        self._fed_at = 0.0
        self._waiting.append(numpy.repeat(mono[:, None], CHANNELS, axis=1).tobytes())
        while not self._fed_at:
            time.sleep(0.005)
        return self._fed_at

    def _start(self, *command: str) -> None:
        with (self._folder / "log").open("ab") as log:
            self._processes.append(subprocess.Popen(command, env=self._environment, stdout=log, stderr=log))

    def _run(self) -> None:
        """Silence in real time, and what is to be fed in its place."""
        step = STEP_FRAMES * CHANNELS * 2
        due, left = time.time(), b""
        with self._pipe.open("wb", buffering=0) as pipe:
            while not self._closing.is_set():
                if self._waiting and not left:
                    left, self._fed_at = self._waiting.pop(0), time.time()
                block, left = left[:step], left[step:]
                pipe.write(block.ljust(step, b"\0"))
                due += STEP_FRAMES / RATE
                time.sleep(max(0.0, due - time.time()))
