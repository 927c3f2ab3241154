import io
import struct
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from broadcaster.audio.decode import decoded
from broadcaster.audio.encode import opus
from broadcaster.audio.settings import AudioSettings
from broadcaster.errors import Invalid
from tests.doubles.sounds import silence, tone

SETTINGS = AudioSettings(longest_clip_minutes=1, largest_upload_megabytes=5)
SECONDS = 2
Write = Callable[[Path], None]


def stereo(rate: int) -> np.ndarray:  # type: ignore[type-arg]
    wave = 0.3 * np.sin(2 * np.pi * 440 * np.arange(rate * SECONDS) / rate)
    return np.stack([wave, wave], axis=1)


def written(kind: str, subtype: str | None = None, *, rate: int = 44_100) -> Write:
    return lambda path: soundfile.write(path, stereo(rate), rate, format=kind, subtype=subtype)


def write_m4a(path: Path) -> None:
    with av.open(path, "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=44_100)
        stream.layout = "stereo"
        pcm = np.ascontiguousarray(stereo(44_100).T.astype(np.float32))
        frame = av.AudioFrame.from_ndarray(pcm, format="fltp", layout="stereo")
        frame.sample_rate = 44_100
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(written("WAV", "PCM_16"), id="wav"),
        pytest.param(written("WAV", "FLOAT", rate=96_000), id="wav, float, 96 kHz"),
        pytest.param(written("WAV", "PCM_U8", rate=8000), id="wav, 8 bit, 8 kHz"),
        pytest.param(written("MP3"), id="mp3"),
        pytest.param(written("OGG", "VORBIS"), id="ogg vorbis"),
        pytest.param(written("OGG", "OPUS", rate=48_000), id="opus"),
        pytest.param(written("FLAC"), id="flac"),
        pytest.param(write_m4a, id="m4a"),
    ],
)
def test_every_usual_kind_of_recording_becomes_mono_at_the_clips_rate(tmp_path: Path, write: Write) -> None:
    path = tmp_path / "ghi-am"
    write(path)
    sound = decoded(path, settings=SETTINGS)
    assert sound.duration_ms == pytest.approx(SECONDS * 1000, abs=60)
    middle = sound.samples[12_000:36_000]
    assert int(np.argmax(np.abs(np.fft.rfft(middle)))) == pytest.approx(440, abs=1)
    assert float(np.max(np.abs(middle))) == pytest.approx(0.3, abs=0.03)


def write_bytes(content: bytes) -> Write:
    return lambda path: path.write_bytes(content) and None


def write_nan(path: Path) -> None:
    soundfile.write(path, np.full(48_000, np.nan), 24_000, format="WAV", subtype="FLOAT")


def write_bomb(path: Path) -> None:
    """Twenty minutes of silence in a few kilobytes."""
    with soundfile.SoundFile(path, "w", 48_000, 1, format="FLAC") as file:
        for _ in range(20):
            file.write(np.zeros(48_000 * 60, np.int16))


def write_m4a_cut_short(path: Path) -> None:
    write_m4a(path)
    path.write_bytes(path.read_bytes()[:3000])


def wav_header(*, channels: int, rate: int) -> bytes:
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, channels, rate, rate * channels * 2, channels * 2, 16)
    body = b"\x10\x20" * channels * 100
    return (
        b"RIFF"
        + struct.pack("<I", 4 + len(form) + 8 + len(body))
        + b"WAVE"
        + form
        + b"data"
        + struct.pack("<I", len(body))
        + body
    )


@pytest.mark.parametrize(
    ("write", "reason"),
    [
        pytest.param(write_bytes(b""), "trống", id="empty"),
        pytest.param(write_bytes(bytes(5_000_001)), "lớn hơn 5 MB", id="huge"),
        pytest.param(write_bytes(b"%PDF-1.7 " * 500), "bị hỏng hoặc không phải tệp âm thanh", id="a document"),
        pytest.param(write_bytes(bytes(range(256)) * 100), "bị hỏng", id="noise bytes"),
        pytest.param(write_bytes(b"\0\0\0\x20ftypM4A " + bytes(2000)), "bị hỏng", id="an M4A of nothing"),
        pytest.param(write_m4a_cut_short, "bị hỏng", id="an M4A cut short"),
        pytest.param(
            lambda path: soundfile.write(path, silence(3000).samples, 24_000, format="WAV"),
            "không có tiếng",
            id="silent",
        ),
        pytest.param(write_nan, "không có tiếng", id="not numbers"),
        pytest.param(write_bomb, "dài hơn 1 phút", id="a decompression bomb"),
        pytest.param(write_bytes(wav_header(channels=200, rate=44_100)), "200 kênh", id="200 channels"),
        pytest.param(write_bytes(wav_header(channels=1, rate=1)), "1 Hz", id="1 Hz"),
        pytest.param(written("AIFF"), "loại AIFF", id="a kind we do not take"),
    ],
)
def test_what_cannot_be_broadcast_is_refused_with_a_sentence(tmp_path: Path, write: Write, reason: str) -> None:
    path = tmp_path / "ghi-am"
    write(path)
    with pytest.raises(Invalid, match=f"Tệp ghi âm .*{reason}.* hãy chọn tệp") as refused:
        decoded(path, settings=SETTINGS)
    assert refused.value.field == "recording"


def test_a_recording_cut_short_is_taken_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = io.BytesIO()
    soundfile.write(whole, tone(4000).samples, 24_000, format="WAV")
    path = tmp_path / "ghi-am.wav"
    path.write_bytes(whole.getvalue()[: len(whole.getvalue()) // 2])
    assert decoded(path, settings=SETTINGS).duration_ms == pytest.approx(2000, abs=30)


def test_our_own_clips_can_come_back(tmp_path: Path) -> None:
    path = tmp_path / "clip.ogg"
    path.write_bytes(opus(tone(1500)))
    assert decoded(path, settings=SETTINGS).duration_ms == pytest.approx(1500, abs=5)
