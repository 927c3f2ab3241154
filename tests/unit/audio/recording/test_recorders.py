"""Whatever a machine of the village records is taken whole, at its right pitch and level."""

import io

import numpy as np
import pytest
import soundfile

from tests.doubles.heard import pitch_hz, unpacked
from tests.doubles.recorders import Recorder, note

pytestmark = pytest.mark.long

SECONDS = 2.0

PHONES = {
    "an AMR of an old phone": Recorder("amr", "libopencore_amrnb", 8_000),
    "3GP with AMR": Recorder("3gp", "libopencore_amrnb", 8_000),
    "3GP with AAC": Recorder("3gp", "aac"),
    "an iPhone's voice memo": Recorder("ipod", "aac", 48_000),
    "an iPhone's lossless memo": Recorder("ipod", "alac"),
    "M4A in pieces": Recorder(
        "mp4", "aac", options={"movflags": "frag_keyframe+empty_moov", "frag_duration": "500000"}
    ),
    "MP4 with Opus": Recorder("mp4", "libopus", 48_000),
    "MP4 with MP3": Recorder("mp4", "libmp3lame"),
    "QuickTime": Recorder("mov", "pcm_s16le", channels=2),
    "QuickTime, six channels": Recorder("mov", "alac", channels=6),
    "ADTS": Recorder("adts", "aac", channels=2),
    "ADTS, 16 kHz": Recorder("adts", "aac", 16_000),
    "LATM": Recorder("latm", "aac"),
    "WebM as Chrome records it": Recorder("webm", "libopus", 48_000, options={"live": "1"}),
    "WebM": Recorder("webm", "libopus", 48_000, channels=2),
    "Ogg Opus": Recorder("ogg", "libopus", 48_000),
    "CAF": Recorder("caf", "pcm_s16be", channels=2),
    "CAF, Apple Lossless": Recorder("caf", "alac", channels=2),
    "CAF, ADPCM": Recorder("caf", "adpcm_ima_qt"),
}
COMPUTERS = {
    **{
        f"WAV, {codec}": Recorder("wav", codec, rate, channels)
        for codec, rate, channels in (
            ("pcm_u8", 8_000, 1),
            ("pcm_s16le", 44_100, 2),
            ("pcm_s24le", 48_000, 2),
            ("pcm_s32le", 48_000, 1),
            ("pcm_s64le", 44_100, 1),
            ("pcm_f32le", 96_000, 2),
            ("pcm_f64le", 192_000, 1),
            ("pcm_alaw", 8_000, 1),
            ("pcm_mulaw", 8_000, 2),
            ("adpcm_ima_wav", 22_050, 2),
            ("adpcm_ms", 22_050, 1),
            ("adpcm_yamaha", 22_050, 1),
            ("g726", 8_000, 1),
            ("libmp3lame", 44_100, 2),
        )
    },
    "WMA 1": Recorder("asf", "wmav1", channels=2, bit_rate=64_000),
    "WMA 2": Recorder("asf", "wmav2", channels=2, bit_rate=64_000),
    "Wave64": Recorder("w64", "pcm_s16le"),
    "AIFF": Recorder("aiff", "pcm_s16be", channels=2),
    "AIFF, 24 bit": Recorder("aiff", "pcm_s24be"),
    "AIFC, floating point": Recorder("aiff", "pcm_f32be"),
    "AIFC, µ-law": Recorder("aiff", "pcm_mulaw", 8_000),
    "AU": Recorder("au", "pcm_s16be", 22_050),
    "AU, µ-law": Recorder("au", "pcm_mulaw", 8_000),
    "FLAC": Recorder("flac", "flac", channels=2),
    "FLAC, 5.1": Recorder("flac", "flac", 96_000, channels=6),
    "TTA": Recorder("tta", "tta"),
    "WavPack": Recorder("wv", "wavpack"),
    "Matroska, PCM": Recorder("matroska", "pcm_s16le"),
    "Matroska, AAC": Recorder("matroska", "aac", channels=2),
    "MP2": Recorder("mp2", "mp2", channels=2),
    "MP3": Recorder("mp3", "libmp3lame", channels=2),
    "MP3, 8 kHz": Recorder("mp3", "libmp3lame", 8_000),
    "MP3 without a header of its length": Recorder("mp3", "libmp3lame", options={"write_xing": "0"}),
    "Dolby Digital": Recorder("ac3", "ac3", 48_000, channels=6),
    "RealMedia": Recorder("rm", "ac3"),
    "NUT": Recorder("nut", "pcm_s16le"),
    "SoX": Recorder("sox", "pcm_s32le"),
}
CAMERAS = {
    "AVI with MP3": Recorder("avi", "libmp3lame"),
    "AVI with PCM": Recorder("avi", "pcm_s16le", channels=2),
    "FLV with AAC": Recorder("flv", "aac"),
    "FLV with Nellymoser": Recorder("flv", "nellymoser", 22_050),
    "MPEG transport stream": Recorder("mpegts", "aac", channels=2),
    "MPEG programme stream": Recorder("mpeg", "mp2"),
}


def check(content: bytes) -> None:
    found, samples = unpacked(content)
    assert found.decoded_ms == pytest.approx(SECONDS * 1000, abs=120)
    assert pitch_hz(samples) == pytest.approx(440, abs=3)
    middle = samples[len(samples) // 4 : len(samples) * 3 // 4]
    assert float(np.max(np.abs(middle))) == pytest.approx(0.3, abs=0.05)


@pytest.mark.parametrize("recorder", [pytest.param(each, id=name) for name, each in PHONES.items()])
def test_what_a_phone_records_is_taken_whole(recorder: Recorder) -> None:
    check(recorder.note(SECONDS))


@pytest.mark.parametrize("recorder", [pytest.param(each, id=name) for name, each in COMPUTERS.items()])
def test_what_a_computer_or_a_recorder_makes_is_taken_whole(recorder: Recorder) -> None:
    check(recorder.note(SECONDS))


@pytest.mark.parametrize("recorder", [pytest.param(each, id=name) for name, each in CAMERAS.items()])
def test_the_sound_of_a_film_is_taken_whole(recorder: Recorder) -> None:
    check(recorder.note(SECONDS))


@pytest.mark.parametrize(
    ("kind", "subtype", "rate", "channels"),
    [
        ("WAV", "GSM610", 8_000, 1),
        ("WAV", "IMA_ADPCM", 44_100, 2),
        ("WAVEX", "PCM_24", 44_100, 2),
        ("RF64", "PCM_16", 44_100, 2),
        ("WAV", "PCM_16", 44_100, 24),
        ("WAV", "PCM_24", 48_000, 64),
        ("AIFF", "GSM610", 8_000, 1),
        ("AIFF", "IMA_ADPCM", 44_100, 1),
        ("CAF", "ALAC_24", 48_000, 2),
        ("OGG", "VORBIS", 44_100, 2),
        ("VOC", "PCM_16", 22_050, 1),
        ("NIST", "PCM_16", 16_000, 1),
        ("SVX", "PCM_16", 22_050, 1),
    ],
)
def test_what_another_library_writes_is_taken_whole(kind: str, subtype: str, rate: int, channels: int) -> None:
    file = io.BytesIO()
    soundfile.write(file, note(SECONDS, rate=rate, channels=channels).T, rate, format=kind, subtype=subtype)
    check(file.getvalue())
