import subprocess
import sys

import numpy as np
import pytest

from broadcaster.audio.compose import compose
from tests.doubles.sounds import tone


def test_pieces_and_pauses_follow_each_other_to_the_millisecond() -> None:
    first, second = tone(250), tone(100, pitch_hz=500)
    joined = compose([400, first, 700, second, 300])
    assert joined.duration_ms == 400 + 250 + 700 + 100 + 300
    assert not joined.samples[:9600].any()
    assert np.allclose(joined.samples[9600:15_600], first.samples, atol=1e-4)
    assert not joined.samples[15_600:32_400].any()
    assert np.allclose(joined.samples[32_400:34_800], second.samples, atol=1e-4)


def test_nothing_joins_to_nothing() -> None:
    assert compose([]).duration_ms == 0


@pytest.mark.long
def test_the_first_import_warns_of_nothing() -> None:
    """pydub looks for ffmpeg and imports audioop; nobody is to hear of either."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", "import broadcaster.audio.compose"], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
