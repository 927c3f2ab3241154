import struct
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from broadcaster.audio.copies.m4a import keep_beside
from broadcaster.audio.copies.place import beside
from broadcaster.audio.encode import opus
from broadcaster.audio.store import ClipNotStored, store_clip
from tests.doubles.sounds import babble, tone

pytestmark = pytest.mark.long

BITRATE = 40_000


def boxes(content: bytes) -> Iterator[str]:
    at = 0
    while at < len(content):
        size, kind = struct.unpack(">I4s", content[at : at + 8])
        yield kind.decode()
        at += size


def clip_in(folder: Path) -> Path:
    return store_clip(opus(tone(3_000)), folder=folder).path


def test_the_m4a_is_the_same_sound_for_the_same_time(tmp_path: Path) -> None:
    made = keep_beside(clip_in(tmp_path), bitrate_bps=BITRATE)
    with av.open(made) as file:
        stream = file.streams.audio[0]
        assert (stream.codec_context.name, stream.rate, stream.channels) == ("aac", 24_000, 1)
        pcm = np.concatenate([frame.to_ndarray()[0] for frame in file.decode(stream)])
    assert len(pcm) / 24_000 == pytest.approx(3.0, abs=0.1)
    assert int(np.argmax(np.abs(np.fft.rfft(pcm[24_000:48_000])))) == pytest.approx(1_000, abs=1)
    assert float(np.max(np.abs(pcm[24_000:48_000]))) == pytest.approx(0.3, abs=0.05)


def test_a_browser_finds_the_index_before_the_sound(tmp_path: Path) -> None:
    kinds = list(boxes(keep_beside(clip_in(tmp_path), bitrate_bps=BITRATE).read_bytes()))
    assert kinds[0] == "ftyp"
    assert kinds.index("moov") < kinds.index("mdat")


def test_it_is_named_as_its_clip_and_is_always_the_same(tmp_path: Path) -> None:
    clip = clip_in(tmp_path)
    first = keep_beside(clip, bitrate_bps=BITRATE).read_bytes()
    assert beside(clip) == clip.with_name(f"{clip.stem}.m4a")
    assert keep_beside(clip, bitrate_bps=BITRATE).read_bytes() == first
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".m4a", ".ogg"]


def test_what_is_no_sound_leaves_nothing_behind(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ogg"
    broken.write_bytes(b"no sound")
    with pytest.raises(soundfile.LibsndfileError):
        keep_beside(broken, bitrate_bps=BITRATE)
    assert list(tmp_path.iterdir()) == [broken]


def test_work_that_is_stopped_leaves_nothing_behind(tmp_path: Path) -> None:
    clip = clip_in(tmp_path)

    def stop() -> None:
        raise InterruptedError

    with pytest.raises((InterruptedError, ClipNotStored)):
        keep_beside(clip, bitrate_bps=BITRATE, give_way=stop)
    assert list(tmp_path.iterdir()) == [clip]


def test_speech_keeps_its_loudness(tmp_path: Path) -> None:
    clip = store_clip(opus(babble(4_000)), folder=tmp_path).path
    before, _ = soundfile.read(clip)
    with av.open(keep_beside(clip, bitrate_bps=BITRATE)) as file:
        after = np.concatenate([frame.to_ndarray()[0] for frame in file.decode(audio=0)])
    assert float(np.sqrt(np.mean(after**2))) == pytest.approx(float(np.sqrt(np.mean(before**2))), rel=0.1)
