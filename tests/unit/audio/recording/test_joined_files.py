"""Recordings laid one behind the other are all heard."""

import io

import pytest
import soundfile

from broadcaster.audio.recording.joined_files import stretches
from tests.doubles.heard import pitch_hz, seconds, unpacked
from tests.doubles.recorders import Recorder, note

pytestmark = pytest.mark.long

WAV = Recorder("wav", "pcm_s16le")
MP3 = Recorder("mp3", "libmp3lame")
ADTS = Recorder("adts", "aac")
OPUS = Recorder("ogg", "libopus", 48_000)


def vorbis(rate: int) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, note(rate=rate).T, rate, format="OGG", subtype="VORBIS")
    return file.getvalue()


@pytest.mark.parametrize(
    "recorder",
    [
        WAV,
        MP3,
        ADTS,
        OPUS,
        Recorder("aiff", "pcm_s16be"),
        Recorder("caf", "pcm_s16be"),
        Recorder("flac", "flac"),
        Recorder("amr", "libopencore_amrnb", 8_000),
        Recorder("3gp", "libopencore_amrnb", 8_000),
        Recorder("mp4", "aac"),
        Recorder("mp4", "aac", options={"movflags": "frag_keyframe+empty_moov"}),
        Recorder("webm", "libopus", 48_000, options={"live": "1"}),
        Recorder("matroska", "pcm_s16le"),
        Recorder("asf", "wmav2", bit_rate=64_000),
        Recorder("avi", "pcm_s16le"),
        Recorder("au", "pcm_s16be"),
    ],
    ids=lambda recorder: f"{recorder.container}, {recorder.codec}",
)
def test_every_one_of_several_joined_files_is_heard(recorder: Recorder) -> None:
    low, high = recorder.note(2.0), recorder.note(3.0, pitch_hz=1_000.0)
    _, samples = unpacked(low + high)
    assert len(samples) / 24_000 == pytest.approx(5.0, abs=0.2)
    assert pitch_hz(samples[: len(samples) * 2 // 5]) == pytest.approx(440, abs=5)
    assert pitch_hz(samples[len(samples) // 2 :]) == pytest.approx(1_000, abs=5)


@pytest.mark.parametrize(
    "files",
    [
        pytest.param([MP3.note(), Recorder("mp3", "libmp3lame", 22_050, 2).note(), MP3.note()], id="MP3"),
        pytest.param([ADTS.note(), Recorder("adts", "aac", 22_050, 2).note(), ADTS.note()], id="ADTS"),
        pytest.param([WAV.note(), Recorder("wav", "adpcm_ima_wav", 22_050, 2).note(), WAV.note()], id="WAV"),
        pytest.param([vorbis(44_100), vorbis(22_050), vorbis(44_100)], id="Ogg Vorbis"),
        pytest.param([OPUS.note(), vorbis(22_050), OPUS.note()], id="Ogg of two codecs"),
    ],
)
def test_joined_files_may_differ_in_rate_channels_and_codec(files: list[bytes]) -> None:
    _, samples = unpacked(b"".join(files))
    assert len(samples) / 24_000 == pytest.approx(6.0, abs=0.3)
    assert pitch_hz(samples) == pytest.approx(440, abs=5)


def test_a_stream_begun_in_the_middle_is_heard_from_its_next_link() -> None:
    cut = OPUS.note()
    assert seconds(cut[len(cut) // 2 :] + OPUS.note(3.0)) == pytest.approx(3.0, abs=0.1)


def test_the_second_of_two_joined_files_may_be_broken() -> None:
    assert seconds(WAV.note() + WAV.note()[:40]) == pytest.approx(2.0, abs=0.05)


def test_streams_that_begin_together_belong_to_one_recording() -> None:
    two = Recorder("ogg", "libopus", 48_000).record(note(rate=48_000), note(rate=48_000, pitch_hz=1_000.0))
    assert stretches(two) == [(0, len(two))]
    found, samples = unpacked(two)
    assert found.tracks == 2
    assert len(samples) / 24_000 == pytest.approx(2.0, abs=0.05)
