"""The listener beside the station: asked over a pipe, given up when it hangs or dies, started again."""

import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from broadcaster.errors import Unavailable
from broadcaster.speech.listener.process import ListenerProcess, serve
from broadcaster.speech.listener.whisper import RATE, Samples, is_installed

CLIP = np.arange(8, dtype=np.float32) / 8
ECHO = """
import json, sys
while line := sys.stdin.buffer.readline():
    question = json.loads(line)
    sys.stdin.buffer.read(4 * question["samples"])
    print("a library says something")
    print("\\x01heard " + json.dumps({"heard": [1.5] if "words" in question else "bà con"}), flush=True)
"""


class Double:
    """Hears as loud as the sound is; knows no word “lỗi”."""

    def surprises(self, clip: Samples, words: Sequence[str]) -> list[float]:
        if "lỗi" in words:
            raise ValueError("unheard of")
        return [float(np.sum(clip))] * len(words)

    def transcript(self, clip: Samples) -> str:
        return f"{len(clip)} mẫu"


def stand_in(script: str, *, longest_seconds: float = 60.0) -> ListenerProcess:
    """A listener whose process runs this script."""
    listener = ListenerProcess(Path("nowhere"), longest_seconds=longest_seconds)
    listener._command = [sys.executable, "-c", script]
    return listener


def test_every_question_gets_its_answer_and_a_failure_ends_nothing() -> None:
    asked = io.BytesIO()
    for more in ({"words": ["bà", "con"]}, {"words": ["lỗi"]}, {}):
        asked.write(json.dumps(more | {"samples": len(CLIP)}).encode() + b"\n" + CLIP.tobytes())
    asked.seek(0)
    answers = io.StringIO()
    serve(Double(), asked, answers)
    said = [json.loads(line.partition(" ")[2]) for line in answers.getvalue().splitlines()]
    assert said == [{"heard": [3.5, 3.5]}, {"failed": "ValueError"}, {"heard": "8 mẫu"}]


def test_what_the_process_hears_comes_back() -> None:
    listener = stand_in(ECHO)
    try:
        assert listener.surprises(CLIP, ["họp"]) == [1.5]
        assert listener.transcript(CLIP) == "bà con"
    finally:
        listener.close()


@pytest.mark.parametrize("script", ["raise SystemExit(1)", "print('nonsense')", "print('\\x01heard {')"])
def test_a_process_that_fails_is_said_to_and_another_is_started(script: str) -> None:
    listener = stand_in(script)
    for _ in range(2):
        with pytest.raises(Unavailable):
            listener.transcript(CLIP)
    listener._command = [sys.executable, "-c", ECHO]
    assert listener.transcript(CLIP) == "bà con"
    listener.close()


def test_a_process_that_hangs_is_given_up() -> None:
    listener = stand_in("import sys; sys.stdin.read()", longest_seconds=0.2)
    with pytest.raises(Unavailable):
        listener.transcript(CLIP)


@pytest.mark.skipif(not is_installed(), reason="the extra 'listener' is not installed")
def test_the_real_listener_hears_silence_in_its_own_process(tmp_path: Path) -> None:
    from broadcaster.speech.listener.model_files import model_folder

    folder = model_folder(tmp_path / "listener")
    if folder is None:
        pytest.skip("the listener's model is not installed")
    listener = ListenerProcess(folder)
    try:
        surprises = listener.surprises(np.zeros(RATE, dtype=np.float32), ["họp", "thôn"])
        assert len(surprises) == 2
        assert all(each > 0 for each in surprises)
    finally:
        listener.close()
