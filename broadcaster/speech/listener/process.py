"""The listener in a process of its own, at the lowest priority: it wants a core for seconds and 300 MB, and both are
given back when nothing is left to hear.

A question is a line of JSON and the samples after it; the answer is a line of JSON.
"""

import json
import os
import selectors
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Protocol

import numpy as np

from broadcaster.errors import Unavailable
from broadcaster.speech.listener.whisper import Samples

LONGEST_SECONDS = 300.0
"""For one piece of half a minute, on the slowest machine beside everything else."""
_LOWEST_PRIORITY = 19
_BEGIN = "\x01heard "


class Recogniser(Protocol):
    """What hears words in sound; ``ListenerProcess`` is the real one."""

    def surprises(self, clip: Samples, words: Sequence[str]) -> list[float]:
        """Nats by which each true word surprises it; ``clip``: 16 kHz, at most 30 s. Raises Unavailable."""

    def transcript(self, clip: Samples) -> str:
        """What it would write of ``clip``. Raises Unavailable."""

    def close(self) -> None:
        """Nothing is to be heard for a while."""


class ListenerProcess:
    """Starts when it is first asked; not thread-safe."""

    def __init__(self, folder: Path, *, longest_seconds: float = LONGEST_SECONDS) -> None:
        self._command = [sys.executable, "-m", __name__, str(folder)]
        self._longest_seconds = longest_seconds
        self._process: subprocess.Popen[bytes] | None = None

    def surprises(self, clip: Samples, words: Sequence[str]) -> list[float]:
        return [float(each) for each in self._ask(clip, {"words": list(words)})]

    def transcript(self, clip: Samples) -> str:
        return str(self._ask(clip, {}))

    def close(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def _ask(self, clip: Samples, question: dict[str, Any]) -> Any:
        try:
            process = self._running()
            assert process.stdin is not None
            process.stdin.write(json.dumps(question | {"samples": len(clip)}).encode() + b"\n")
            process.stdin.write(clip.astype("<f4").tobytes())
            process.stdin.flush()
            answer = json.loads(self._line(process))
        except (OSError, ValueError) as error:
            self.close()
            raise Unavailable("hearing.listener_failed") from error
        if "heard" not in answer:
            raise Unavailable("hearing.listener_failed")
        return answer["heard"]

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is None or self._process.poll() is not None:
            self.close()
            environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
            )
        return self._process

    def _line(self, process: "subprocess.Popen[bytes]") -> str:
        """The next answer; raises OSError when none comes in time. What else a library prints is passed over."""
        assert process.stdout is not None
        said = b""
        with selectors.DefaultSelector() as waiting:
            waiting.register(process.stdout, selectors.EVENT_READ)
            while waiting.select(self._longest_seconds):
                more = os.read(process.stdout.fileno(), 65_536)
                said += more
                *whole, _rest = said.split(b"\n")
                for line in whole:
                    if line.startswith(_BEGIN.encode()):
                        return line.removeprefix(_BEGIN.encode()).decode()
                if not more:
                    break
        raise TimeoutError("the listener gave no answer")


def serve(recogniser: Any, questions: IO[bytes], answers: IO[str]) -> None:
    """Answer until nobody asks any more."""
    while line := questions.readline():
        question = json.loads(line)
        clip = np.frombuffer(questions.read(4 * question["samples"]), dtype="<f4")
        try:
            words = question.get("words")
            heard = recogniser.transcript(clip) if words is None else recogniser.surprises(clip, words)
            answer = {"heard": heard}
        except Exception as error:  # noqa: BLE001 - outermost of one question: the next piece may still be heard
            answer = {"failed": type(error).__name__}
        answers.write(_BEGIN + json.dumps(answer) + "\n")
        answers.flush()


def main(argv: list[str]) -> int:
    from broadcaster.speech.listener.whisper import WhisperListener

    os.nice(_LOWEST_PRIORITY)
    serve(WhisperListener(Path(argv[0])), sys.stdin.buffer, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
