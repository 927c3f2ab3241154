"""What cannot be read is refused, naming what it is."""

import io
import struct
import zipfile

import numpy as np
import pytest
import soundfile

from broadcaster.audio.recording.unpack import unpack
from broadcaster.strangers import Refused
from tests.doubles.recorders import Recorder, note

pytestmark = pytest.mark.long

RANDOM = np.random.default_rng(2)
M4A = Recorder("mp4", "aac").note()
WMA = Recorder("asf", "wmav2", bit_rate=64_000).note()


def archive(name: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr(name, "nội dung")
    return file.getvalue()


def wav(samples: object, *, rate: int = 24_000, subtype: str | None = None) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format="WAV", subtype=subtype)
    return file.getvalue()


def with_header(*, channels: int, rate: int) -> bytes:
    body = b"\x10\x20" * channels * 100
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, channels, rate, rate * channels * 2, channels * 2, 16)
    return (
        b"RIFF"
        + struct.pack("<I", 4 + len(form) + 8 + len(body))
        + b"WAVE"
        + form
        + struct.pack("<4sI", b"data", len(body))
        + body
    )


def with_unknown_codec() -> bytes:
    content = bytearray(wav(note(rate=24_000)[0]))
    content[20:22] = struct.pack("<H", 0x1234)
    return bytes(content)


def locked_m4a() -> bytes:
    """An M4A as the shops sold them: its entry says so, and holds a box ``sinf``."""
    lock = struct.pack(">I4s", 20, b"sinf") + struct.pack(">I4s4s", 12, b"schm", b"itun")
    return (
        M4A.replace(b"mp4a", b"drms", 1).replace(b"esds", b"esds" + lock[:0], 1)
        + struct.pack(">I4s", 28, b"free")
        + lock
    )


def locked_wma() -> bytes:
    lock = bytes.fromhex("fbb3112223bdd211b4b700a0c955fc6e") + struct.pack("<Q", 24)
    size, count = struct.unpack("<QI", WMA[16:28])
    return WMA[:16] + struct.pack("<QI", size + len(lock), count + 1) + WMA[28:30] + lock + WMA[30:]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 " * 500, "pdf"),
        (archive("word/document.xml"), "word"),
        (archive("ghi-am.mp3"), "zip"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2_000), "word"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF" + RANDOM.bytes(5_000), "picture"),
        (b"\x89PNG\r\n\x1a\n" + RANDOM.bytes(5_000), "picture"),
        (b"\0\0\0\x18ftypheic" + RANDOM.bytes(5_000), "picture"),
        (b"Rar!\x1a\x07\x01\0" + RANDOM.bytes(5_000), "archive"),
        (b"MThd\0\0\0\x06\0\1\0\1" + RANDOM.bytes(500), "midi"),
        (b"#EXTM3U\nhttps://example.org/a.mp3\n", "playlist"),
        (b"[playlist]\nFile1=a.mp3\n", "playlist"),
        (b"<!DOCTYPE html><html><body>" + b"x" * 5_000, "web_page"),
        (b"\x02#!SILK_V3" + RANDOM.bytes(5_000), "silk"),
        (b"MS_VOICE SONY CORPORATION" + RANDOM.bytes(5_000), "sony"),
        (b"\x03ds2" + RANDOM.bytes(5_000), "ds2"),
        (b"#!EVRC\n" + RANDOM.bytes(5_000), "evrc"),
        ("Kính mời bà con đi họp. ".encode() * 200, "text"),
        (bytes(100_000), "zeros"),
    ],
)
def test_a_file_of_another_kind_is_refused_by_its_kind(content: bytes, kind: str) -> None:
    with pytest.raises(Refused, match="kind") as refused:
        unpack(content, {"longest_minutes": 1})
    assert refused.value.facts == {"kind": kind}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(bytes(RANDOM.bytes(200_000)), "unknown", id="noise bytes"),
        pytest.param(bytes(range(256)) * 100, "unknown", id="a row of bytes"),
        pytest.param(b"\0\0\0\x20ftypM4A " + bytes(2_000), "no_index", id="an M4A of nothing"),
        pytest.param(M4A[: len(M4A) // 2], "no_index", id="an M4A whose phone died"),
        pytest.param(M4A[:-300], "no_index", id="an M4A cut in its index"),
        pytest.param(locked_m4a(), "protected", id="a bought M4P"),
        pytest.param(locked_wma(), "protected", id="a bought WMA"),
        pytest.param(wav(np.zeros(72_000)), "silent", id="silent"),
        pytest.param(wav(np.full(48_000, np.nan), subtype="FLOAT"), "silent", id="not numbers"),
        pytest.param(with_header(channels=1, rate=1), "unknown", id="1 Hz"),
        pytest.param(with_unknown_codec(), "codec", id="a codec nobody knows"),
        pytest.param(wav(note(rate=24_000, seconds=61)[0]), "too_long", id="too long"),
    ],
)
def test_what_cannot_be_broadcast_is_refused_with_its_reason(content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        unpack(content, {"longest_minutes": 1})
    assert refused.value.code == code


def test_a_film_without_sound_is_refused() -> None:
    import tempfile
    from pathlib import Path

    import av

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film"
        with av.open(path, "w", format="mp4") as output:
            stream = output.add_stream("mpeg4", rate=10)
            stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
            output.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")))
            output.mux(stream.encode(None))
        content = path.read_bytes()
    with pytest.raises(Refused, match="no_sound"):
        unpack(content, {"longest_minutes": 1})


def test_a_small_file_that_unpacks_to_hours_is_given_up_early() -> None:
    file = io.BytesIO()
    with soundfile.SoundFile(file, "w", 48_000, 1, format="FLAC") as flac:
        for _ in range(20):
            flac.write(np.zeros(48_000 * 60, np.int16))
    with pytest.raises(Refused, match="too_long"):
        unpack(file.getvalue(), {"longest_minutes": 1})
