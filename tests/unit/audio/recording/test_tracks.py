"""Of several tracks and channels, what has a voice is heard."""

import io
import tempfile
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from tests.doubles.heard import pitch_hz, unpacked
from tests.doubles.recorders import Recorder, Waves, note

pytestmark = pytest.mark.long

MKV = Recorder("matroska", "pcm_s16le")
SILENCE = np.zeros((1, 88_200), np.float32)


def wav(waves: Waves) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, waves.T, 44_100, format="WAV")
    return file.getvalue()


def film(container: str, codec: str) -> bytes:
    """Two seconds of pictures with a note."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film"
        with av.open(path, "w", format=container) as output:
            pictures, sound = output.add_stream("mpeg4", rate=10), output.add_stream(codec, rate=44_100)
            pictures.width, pictures.height, pictures.pix_fmt = 64, 48, "yuv420p"
            sound.layout = "mono"
            for at in range(20):
                picture = av.VideoFrame.from_ndarray(np.full((48, 64, 3), at, np.uint8), format="rgb24")
                output.mux(pictures.encode(picture))
            frame = av.AudioFrame.from_ndarray(note(), format="fltp", layout="mono")
            frame.sample_rate = 44_100
            resampler = av.AudioResampler(
                format=sound.codec_context.format, layout="mono", rate=44_100, frame_size=sound.frame_size or 1_024
            )
            for each in (*resampler.resample(frame), *resampler.resample(None)):
                output.mux(sound.encode(each))
            output.mux(pictures.encode(None))
            output.mux(sound.encode(None))
        return path.read_bytes()


def test_the_first_of_several_tracks_is_heard() -> None:
    found, samples = unpacked(MKV.record(note(), note(pitch_hz=1_000.0)))
    assert found.tracks == 2
    assert pitch_hz(samples) == pytest.approx(440, abs=3)


def test_a_track_with_a_voice_is_taken_instead_of_a_silent_one() -> None:
    _, samples = unpacked(MKV.record(SILENCE, SILENCE, note(pitch_hz=1_000.0)))
    assert pitch_hz(samples) == pytest.approx(1_000, abs=3)


@pytest.mark.parametrize(("container", "codec"), [("mp4", "aac"), ("matroska", "libmp3lame"), ("avi", "libmp3lame")])
def test_the_sound_of_a_film_is_heard_without_its_pictures(container: str, codec: str) -> None:
    found, samples = unpacked(film(container, codec))
    assert found.decoded_ms == pytest.approx(2_000, abs=100)
    assert pitch_hz(samples) == pytest.approx(440, abs=3)


def test_two_channels_wired_against_each_other_do_not_cancel() -> None:
    _, samples = unpacked(wav(np.concatenate([note(), -note()])))
    assert float(np.max(np.abs(samples))) == pytest.approx(0.3, abs=0.02)


def test_one_voice_among_many_channels_keeps_its_level() -> None:
    _, samples = unpacked(wav(np.concatenate([np.zeros((23, 88_200), np.float32), note()])))
    assert float(np.max(np.abs(samples))) == pytest.approx(0.3, abs=0.02)


def test_a_voice_on_one_of_two_channels_is_heard() -> None:
    _, samples = unpacked(wav(np.concatenate([note(), SILENCE])))
    assert float(np.max(np.abs(samples))) == pytest.approx(0.15, abs=0.02)
