import numpy as np
import pytest

from broadcaster.speech.engine import Speech
from broadcaster.speech.plausibility import implausible


def hum(seconds: float, level: int = 5000) -> Speech:
    return Speech((level * np.sin(np.arange(int(seconds * 8000)) / 3)).astype(np.int16), 8000)


@pytest.mark.parametrize("seconds", [1.0, 2.5, 12.0])
def test_what_may_be_ten_syllables_is_taken(seconds: float) -> None:
    assert implausible(hum(seconds), syllables=10) is None


@pytest.mark.parametrize(
    ("speech", "code"),
    [
        (hum(0.8), "online_answer.shorter"),
        (hum(16), "online_answer.longer"),
        (hum(2.5, level=100), "online_answer.silent"),
        (Speech(np.zeros(0, np.int16), 8000), "online_answer.shorter"),
    ],
)
def test_what_cannot_be_is_named(speech: Speech, code: str) -> None:
    reason = implausible(speech, syllables=10)
    assert reason is not None
    assert reason.code == code
