"""A live play: the chime, then every frame at its place, made-up sound for what is missing, and the fallback."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from broadcaster.audio.live.opus import OpusEncoder
from broadcaster.protocol.live.packets import LivePacket
from speaker_node.sound.live.frames import LiveFrames
from speaker_node.sound.live.stream import SILENT_FRAMES, LiveStream, LiveTotals

RATE, FRAME, BASE_MS = 24_000, 480, 3000
BASE = BASE_MS * 24


def tone(hz: float, frames: int) -> bytes:
    return (np.sin(2 * np.pi * hz * np.arange(FRAME * frames) / RATE) * 12_000).astype("<i2").tobytes()


@pytest.fixture(scope="module")
def voice() -> list[bytes]:
    """Four seconds of a tone in frames."""
    encoder, pcm = OpusEncoder(), tone(600, 200)
    found = [encoder.encode(pcm[start : start + FRAME * 2]) for start in range(0, len(pcm), FRAME * 2)]
    encoder.close()
    return found


def clip(folder: Path, seconds: float, hz: float) -> Path:
    path = folder / f"{hz}.ogg"
    sound = np.frombuffer(tone(hz, round(seconds * 50)), dtype="<i2")
    soundfile.write(path, sound, RATE, format="OGG", subtype="OPUS")
    return path


def feed(frames: LiveFrames, voice: list[bytes], *, but: range = range(0), first: int = 0, last: bool = True) -> None:
    """All packets of the voice but some frames."""
    for seq, start in enumerate(range(0, len(voice), 20)):
        some = tuple(b"" if first + start + n in but else frame for n, frame in enumerate(voice[start : start + 20]))
        end = last and start + 20 >= len(voice)
        packet = LivePacket(seq=seq, base_ms=BASE_MS, first=first + start, sent_ms=0, frames=some, last=end)
        frames.take(packet, late_ms=0, now_ms=BASE_MS + start * 20 - 500, monotonic=seq * 0.4)


def level(samples: np.ndarray) -> float:
    return float(np.sqrt(np.mean(samples.astype(float) ** 2))) if len(samples) else 0.0


def heard(stream: LiveStream, samples: int = 1 << 30) -> np.ndarray:
    """Everything it gives, at most so many samples."""
    blocks = []
    with stream:
        while samples > 0 and (block := stream.read(min(FRAME, samples))):
            blocks.append(block)
            samples -= len(block) // 2
    return np.frombuffer(b"".join(blocks), dtype="<i2")


def test_the_chime_sounds_first_and_the_voice_at_its_exact_place(tmp_path: Path, voice: list[bytes]) -> None:
    frames, totals = LiveFrames("session-1"), LiveTotals()
    feed(frames, voice)
    sound = heard(LiveStream([clip(tmp_path, 1, 440)], frames, totals, most_samples=20 * RATE))
    assert len(sound) == BASE + 200 * FRAME
    assert level(sound[: RATE // 2]) > 3000
    assert level(sound[RATE * 3 // 2 : BASE]) == 0
    assert level(sound[BASE + FRAME : BASE + 10 * FRAME]) > 3000
    assert (totals.heard_ms, totals.lost_ms, totals.silent) == (4000, 0, False)


def test_a_node_that_begins_late_leaves_out_what_is_over(tmp_path: Path, voice: list[bytes]) -> None:
    chime = clip(tmp_path, 1, 440)
    whole, late = LiveFrames("session-1"), LiveFrames("session-1")
    feed(whole, voice)
    feed(late, voice)
    skip = BASE + 100 * FRAME + 123
    all_of_it = heard(LiveStream([chime], whole, LiveTotals(), most_samples=20 * RATE))
    rest = heard(LiveStream([chime], late, LiveTotals(), most_samples=20 * RATE, skip_samples=skip))
    assert len(rest) == len(all_of_it) - skip
    assert np.corrcoef(rest[5 * FRAME :], all_of_it[skip + 5 * FRAME :])[0, 1] > 0.9


def test_a_short_loss_is_made_up_and_a_longer_one_is_silence(voice: list[bytes]) -> None:
    frames, totals = LiveFrames("session-1"), LiveTotals()
    feed(frames, voice, but=range(50, 100))
    sound = heard(LiveStream([], frames, totals, most_samples=20 * RATE))
    lost = sound[BASE + 50 * FRAME : BASE + 100 * FRAME]
    assert level(lost[:FRAME]) > 1000
    assert level(lost[6 * FRAME :]) == 0
    assert (totals.heard_ms, totals.lost_ms) == (3000, 1000)


def test_after_five_seconds_without_sound_the_fallback_plays_until_sound_comes_again(
    tmp_path: Path, voice: list[bytes]
) -> None:
    frames, totals = LiveFrames("session-1"), LiveTotals()
    feed(frames, voice[:40], last=False)
    stream = LiveStream([], frames, totals, most_samples=60 * RATE, fallback=[clip(tmp_path, 2, 300)])
    begun = stream.read(BASE + (40 + SILENT_FRAMES - 1) * FRAME)
    assert level(np.frombuffer(begun, dtype="<i2")[-RATE:]) == 0
    assert not totals.silent
    instead = np.frombuffer(stream.read(RATE), dtype="<i2")
    assert level(instead) > 3000
    assert totals.silent
    number = 40 + SILENT_FRAMES + 60
    packet = LivePacket(seq=9, base_ms=BASE_MS, first=number, sent_ms=0, frames=tuple(voice[:20]), last=True)
    frames.take(packet, late_ms=0, now_ms=BASE_MS + number * 20 - 800, monotonic=99.0)
    rest = heard(stream)
    assert level(rest[-10 * FRAME :]) > 3000
    assert not totals.silent
    assert totals.heard_ms == 1200


def test_a_session_of_which_nothing_comes_plays_the_fallback_and_ends_at_its_longest(tmp_path: Path) -> None:
    totals = LiveTotals()
    stream = LiveStream([], LiveFrames("session-1"), totals, most_samples=8 * RATE, fallback=[clip(tmp_path, 1, 300)])
    sound = heard(stream)
    assert len(sound) == 8 * RATE
    assert level(sound[: 4 * RATE]) == 0
    assert level(sound[5 * RATE : 5 * RATE + RATE // 2]) > 3000
    assert (totals.heard_ms, totals.silent) == (0, True)


def test_the_agenda_s_end_ends_it_though_no_last_packet_came(voice: list[bytes]) -> None:
    frames = LiveFrames("session-1")
    feed(frames, voice, last=False)
    frames.end_at(BASE_MS + 1500)
    assert len(heard(LiveStream([], frames, LiveTotals(), most_samples=20 * RATE))) == BASE + 1500 * 24


def test_bytes_that_are_no_frame_sound_as_lost(voice: list[bytes]) -> None:
    frames, totals = LiveFrames("session-1"), LiveTotals()
    feed(frames, [b"\xff" * 30] * 20 + voice[:20])
    heard(LiveStream([], frames, totals, most_samples=20 * RATE))
    assert (totals.heard_ms, totals.lost_ms) == (400, 400)
