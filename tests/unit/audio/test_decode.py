"""Recordings from outside, through the bounded process; what it can read is tested under ``recording/``."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from broadcaster.audio.decode import decoded
from broadcaster.audio.encode import opus
from broadcaster.audio.settings import AudioSettings
from broadcaster.errors import Invalid
from tests.doubles.recorders import Recorder
from tests.doubles.sounds import tone

pytestmark = pytest.mark.long

SETTINGS = AudioSettings(longest_clip_minutes=1, largest_upload_megabytes=5)
M4A = Recorder("mp4", "aac").note()


def stored(folder: Path, content: bytes) -> Path:
    path = folder / "ghi-am"
    path.write_bytes(content)
    return path


def test_a_recording_becomes_mono_at_the_clips_rate_with_what_was_found_in_it(tmp_path: Path) -> None:
    made = decoded(stored(tmp_path, Recorder("asf", "wmav2", channels=2, bit_rate=64_000).note(2.0)), settings=SETTINGS)
    assert made.sound.duration_ms == pytest.approx(2_000, abs=60)
    middle = made.sound.samples[12_000:36_000]
    assert int(np.argmax(np.abs(np.fft.rfft(middle)))) == pytest.approx(440, abs=1)
    assert float(np.max(np.abs(middle))) == pytest.approx(0.3, abs=0.03)
    assert (made.found.container, made.found.codec, made.found.tracks) == ("asf", "wmav2", 1)
    assert made.found.decoded_ms == made.sound.duration_ms


def test_our_own_clips_can_come_back(tmp_path: Path) -> None:
    assert decoded(stored(tmp_path, opus(tone(1500))), settings=SETTINGS).sound.duration_ms == pytest.approx(
        1500, abs=5
    )


def test_the_longest_recording_allowed_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "ghi-am"
    soundfile.write(path, np.tile(tone(1_000).samples, 60), 24_000, format="FLAC")
    assert decoded(path, settings=SETTINGS).sound.duration_ms == 60_000


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"", "recording.empty", id="empty"),
        pytest.param(bytes(5_000_001), "recording.upload_too_large", id="huge"),
        pytest.param(b"%PDF-1.7 " * 500, "recording.kind_pdf", id="a document"),
        pytest.param(bytes(range(256)) * 100, "recording.unknown", id="noise bytes"),
        pytest.param(M4A[: len(M4A) // 2], "recording.no_index", id="an M4A whose phone died"),
        pytest.param(Recorder("wav", "pcm_s16le").record(np.zeros((1, 44_100), "f4")), "recording.silent", id="silent"),
        pytest.param(Recorder("flac", "flac").note(61.0), "recording.too_long", id="too long"),
    ],
)
def test_what_cannot_be_broadcast_is_refused_with_its_reason(tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        decoded(stored(tmp_path, content), settings=SETTINGS)
    assert (refused.value.code, refused.value.field) == (code, "recording")


def test_a_codec_that_nobody_knows_is_refused_by_the_kind_of_its_file(tmp_path: Path) -> None:
    content = bytearray(Recorder("wav", "pcm_s16le").note())
    content[20:22] = b"\x34\x12"
    with pytest.raises(Invalid, match=r"recording\.codec container='WAV'"):
        decoded(stored(tmp_path, bytes(content)), settings=SETTINGS)
