import numpy as np
import pytest

from broadcaster.speech.engines.mp3 import BrokenMp3, decoded_mp3
from tests.doubles.google_tts import mp3_of

WHOLE = mp3_of("một hai ba bốn năm")


def test_a_whole_file_is_decoded_to_its_length() -> None:
    speech = decoded_mp3(WHOLE)
    assert speech.sample_rate == 24_000
    assert abs(speech.duration_ms - 1100) < 120
    assert int(np.abs(speech.samples.astype(int)).max()) > 8000


def test_a_leading_tag_is_skipped() -> None:
    assert decoded_mp3(b"ID3\x04\x00\x00\x00\x00\x00\x0a" + b"\0" * 10 + WHOLE).duration_ms > 1000


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(WHOLE[:-50], id="cut in the last frame"),
        pytest.param(WHOLE[: len(WHOLE) // 2 + 7], id="cut in the middle"),
        pytest.param(b"<html>blocked</html>", id="a web page"),
        pytest.param(bytes(range(256)) * 20, id="other bytes"),
        pytest.param(b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f", id="a tag that claims everything"),
        pytest.param(WHOLE + b"junk", id="bytes left over"),
    ],
)
def test_anything_less_is_refused(content: bytes) -> None:
    with pytest.raises(BrokenMp3):
        decoded_mp3(content)
