"""What is broken, cut or littered is taken as far as it goes."""

import struct

import numpy as np
import pytest

from tests.doubles.heard import pitch_hz, seconds, unpacked
from tests.doubles.recorders import Recorder

pytestmark = pytest.mark.long

RANDOM = np.random.default_rng(1)
MP3 = Recorder("mp3", "libmp3lame", options={"write_xing": "0", "id3v2_version": "0"}).note()
ID3 = b"ID3\x04\0\0" + bytes([0, 0, 0x7F, 0x7F]) + bytes(16_383)
OLD_ID3 = b"TAG" + bytes(125)
APE = b"APETAGEX" + struct.pack("<IIII", 2_000, 1_032, 0, 0xA0000000) + bytes(8) + b"x" * 1_000
LIVE = Recorder("webm", "libopus", 48_000, options={"live": "1"}).note()


@pytest.mark.parametrize(
    ("content", "expected_seconds"),
    [
        pytest.param(ID3 + MP3, 2, id="a tag before it"),
        pytest.param(MP3 + OLD_ID3 + ID3 + MP3 + APE + MP3, 6, id="tags between"),
        pytest.param(b"ID3\x04\0\0" + bytes([0, 0x7F, 0x7F, 0x7F]) + bytes(100) + MP3, 2, id="a tag of a wrong length"),
        pytest.param(MP3[:8_000] + RANDOM.bytes(5_000) + MP3[8_000:], 2, id="noise between the frames"),
        pytest.param(RANDOM.bytes(30_000) + MP3, 2, id="noise before it"),
        pytest.param(bytes(200_000) + MP3, 2, id="zeros before it"),
        pytest.param(MP3 + bytes(200_000), 2, id="zeros behind it"),
        pytest.param(MP3[5_000:], 1.4, id="without its beginning"),
    ],
)
def test_an_mp3_with_other_things_in_it_is_heard(content: bytes, expected_seconds: float) -> None:
    _, samples = unpacked(content)
    assert len(samples) / 24_000 == pytest.approx(expected_seconds, abs=0.25)
    assert pitch_hz(samples) == pytest.approx(440, abs=5)


@pytest.mark.parametrize("recorder", [Recorder("flac", "flac"), Recorder("wav", "pcm_s16le"), Recorder("adts", "aac")])
def test_a_tag_before_another_kind_of_file_hides_nothing(recorder: Recorder) -> None:
    tagged = ID3 + recorder.note()
    assert seconds(tagged) == pytest.approx(2.0, abs=0.1)
    assert seconds(tagged + tagged) == pytest.approx(4.0, abs=0.2)


@pytest.mark.parametrize(
    "recorder",
    [
        Recorder("wav", "pcm_s16le"),
        Recorder("mp3", "libmp3lame"),
        Recorder("adts", "aac"),
        Recorder("ogg", "libopus", 48_000),
        Recorder("webm", "libopus", 48_000, options={"live": "1"}),
        Recorder("amr", "libopencore_amrnb", 8_000),
        Recorder("asf", "wmav2", bit_rate=64_000),
        Recorder("aiff", "pcm_s16be"),
        Recorder("caf", "pcm_s16be"),
        Recorder("avi", "pcm_s16le"),
        Recorder("mp4", "aac", options={"movflags": "faststart"}),
        Recorder("mp4", "aac", options={"movflags": "frag_keyframe+empty_moov", "frag_duration": "200000"}),
    ],
    ids=lambda recorder: f"{recorder.container}, {recorder.codec}",
)
def test_a_recording_cut_short_is_taken_as_far_as_it_goes(recorder: Recorder) -> None:
    whole = recorder.note(6.0)
    assert seconds(whole[: len(whole) * 2 // 3]) == pytest.approx(4.0, abs=0.4)


@pytest.mark.parametrize(
    ("content", "expected_seconds"),
    [
        pytest.param(LIVE[: len(LIVE) // 2] + RANDOM.bytes(500) + LIVE[len(LIVE) // 2 :], 2, id="WebM"),
        pytest.param(
            (lambda aac: aac[:5_000] + RANDOM.bytes(3_000) + aac[5_000:])(Recorder("adts", "aac").note()), 2, id="ADTS"
        ),
    ],
)
def test_noise_inside_a_recording_costs_little_more_than_its_place(content: bytes, expected_seconds: float) -> None:
    assert seconds(content) == pytest.approx(expected_seconds, abs=0.5)
