"""A length in a header is believed only when the file agrees with it."""

import struct

import pytest

from tests.doubles.heard import seconds, unpacked
from tests.doubles.recorders import Recorder

pytestmark = pytest.mark.long

WAV = Recorder("wav", "pcm_s16le").note()
AIFF = Recorder("aiff", "pcm_s16be").note()
CAF = Recorder("caf", "pcm_s16be").note()
WMA = Recorder("asf", "wmav2", bit_rate=64_000).note()
AU = Recorder("au", "pcm_s16be").note()
AVI = Recorder("avi", "libmp3lame").note()
MKV = Recorder("matroska", "pcm_s16le").note()
FLAC = Recorder("flac", "flac").note()


def with_length(content: bytes, mark: bytes, length: bytes, *, behind: int = 4) -> bytes:
    """``length`` written ``behind`` the beginning of ``mark``."""
    at = content.index(mark) + behind
    return content[:at] + length + content[at + len(length) :]


WAV_LENGTHS = (0, 1, 1_000, 44_100, 0x7FFFFFFF, 0xFFFFFFFF)


def big_endian(wav: bytes) -> bytes:
    """The same WAV as a big-endian machine writes it."""
    form, data = wav.index(b"fmt "), wav.index(b"data")
    numbers = struct.unpack("<HHIIHH", wav[form + 8 : form + 24])
    size = len(wav) - data - 8
    sound = struct.pack(f">{size // 2}H", *struct.unpack(f"<{size // 2}H", wav[data + 8 :]))
    body = b"WAVEfmt " + struct.pack(">IHHIIHH", 16, *numbers) + b"data" + struct.pack(">I", size) + sound
    return b"RIFX" + struct.pack(">I", len(body)) + body


CASES = [
    pytest.param(big_endian(WAV), id="RIFX"),
    *(
        pytest.param(with_length(big_endian(WAV), b"data", struct.pack(">I", each)), id=f"RIFX {each:#x}")
        for each in (0, 1_000, 0xFFFFFFFF)
    ),
    *(pytest.param(with_length(WAV, b"data", struct.pack("<I", each)), id=f"WAV {each:#x}") for each in WAV_LENGTHS),
    *(
        pytest.param(with_length(AIFF, b"SSND", struct.pack(">I", each)), id=f"AIFF {each:#x}")
        for each in (0, 8, 1_000, 0xFFFFFFFF)
    ),
    pytest.param(with_length(AIFF, b"COMM", struct.pack(">I", 0), behind=10), id="AIFF of no frames"),
    *(
        pytest.param(with_length(CAF, b"data", struct.pack(">q", each)), id=f"CAF {each}")
        for each in (-1, 0, 4, 1_000, 1 << 40)
    ),
    *(
        pytest.param(
            with_length(WMA, bytes.fromhex("3626b2758e66cf11a6d900aa0062ce6c"), struct.pack("<Q", each), behind=16),
            id=f"WMA {each}",
        )
        for each in (0, 50, 3_000, (1 << 64) - 1)
    ),
    *(
        pytest.param(with_length(AU, b".snd", struct.pack(">I", each), behind=8), id=f"AU {each:#x}")
        for each in (0, 1_000, 0xFFFFFFFF)
    ),
    *(
        pytest.param(with_length(AVI, b"movi", struct.pack("<I", each), behind=-4), id=f"AVI {each}")
        for each in (0, 100, 4_000)
    ),
    pytest.param(
        with_length(MKV, b"\x18\x53\x80\x67", b"\x01" + (9_000).to_bytes(7, "big")),
        id="Matroska segment of 9,000 bytes",
    ),
    pytest.param(with_length(FLAC, b"fLaC", b"\0\0\0\x05", behind=22), id="FLAC of five samples"),
]


@pytest.mark.parametrize("content", CASES)
def test_a_recording_whose_header_lies_about_its_length_is_taken_whole(content: bytes) -> None:
    assert seconds(content) == pytest.approx(2.0, abs=0.06)


def test_what_stands_behind_the_sound_is_no_sound() -> None:
    remark = b"LIST" + struct.pack("<I", 1_000_000) + b"INFO" + bytes(range(256)) * 3_906 + bytes(60)
    assert seconds(WAV + remark) == pytest.approx(2.0, abs=0.01)


def test_recordings_that_lie_are_found_behind_each_other() -> None:
    lying = with_length(WAV, b"data", struct.pack("<I", 0))
    assert seconds(lying + lying) == pytest.approx(4.0, abs=0.05)


@pytest.mark.parametrize(
    ("content", "stated_ms"),
    [
        pytest.param(WAV, 2_000, id="WAV"),
        pytest.param(with_length(WAV, b"data", struct.pack("<I", 44_100)), 500, id="WAV that lies"),
        pytest.param(Recorder("mp3", "libmp3lame").note() * 2, 2_000, id="MP3 of two"),
        pytest.param(Recorder("mp3", "libmp3lame", options={"write_xing": "0"}).note(), None, id="MP3 without"),
        pytest.param(Recorder("webm", "libopus", 48_000, options={"live": "1"}).note(), None, id="WebM without"),
        pytest.param(Recorder("amr", "libopencore_amrnb", 8_000).note(), None, id="AMR"),
    ],
)
def test_the_length_in_the_header_is_told_beside_the_real_one(content: bytes, stated_ms: int | None) -> None:
    found, _ = unpacked(content)
    assert found.stated_ms == (stated_ms and pytest.approx(stated_ms, abs=60))
