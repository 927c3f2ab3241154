"""What a source feeds comes out as packets a node believes, and as a recording of exactly that."""

import io
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
import soundfile
from nacl.signing import SigningKey

from broadcaster.audio.live.opus import OpusDecoder
from broadcaster.live.session import LiveSession, SessionPlan
from broadcaster.protocol.live.packets import LivePacket, unpack

KEY = SigningKey(bytes(range(32)))
AT = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
PIECE = 24_000 * 2 * 4 // 10
"""Bytes of 400 ms."""


@dataclass
class Rig:
    """A session that is fed in the right time, and what came out of it."""

    longest_ms: int = 60_000
    now_at: datetime = AT + timedelta(seconds=4)
    packets: list[LivePacket] = field(default_factory=list)
    file: io.BytesIO = field(default_factory=io.BytesIO)

    def open(self) -> LiveSession:
        plan = SessionPlan(
            station="con-minh",
            session="session-1",
            start_at=AT,
            parts_ms=3000,
            longest_ms=self.longest_ms,
            delay_ms=800,
        )
        return LiveSession(plan, publish=self.sent, recording=self.file, key=KEY, clock=lambda: self.now_at)

    def sent(self, topic: str, payload: bytes) -> None:
        packet = unpack(payload, station="con-minh", session="session-1", key=KEY.verify_key)
        assert topic == f"loa/1/con-minh/live/session-1/{packet.seq}"
        self.packets.append(packet)

    def speak(self, session: LiveSession, seconds: float, *, begin_ms: int = 0) -> bytes:
        times = np.arange(round(seconds * 24_000)) / 24_000
        voice = np.sin(2 * np.pi * 700 * times) * (np.sin(2 * np.pi * 2 * times) > 0)
        pcm = (voice * 9000).astype("<i2").tobytes()
        for start in range(0, len(pcm), PIECE):
            session.feed(pcm[start : start + PIECE], at_ms=begin_ms + start // 48)
            self.now_at += timedelta(milliseconds=400)
        return pcm


def decoded(packets: list[LivePacket]) -> np.ndarray:
    decoder = OpusDecoder()
    sound = b"".join(decoder.decode(frame) for packet in packets for frame in packet.frames)
    decoder.close()
    return np.frombuffer(sound, dtype="<i2").astype(float)


def envelope(samples: np.ndarray) -> np.ndarray:
    """The loudest sample of every 10 ms."""
    return np.abs(samples[: len(samples) // 240 * 240].reshape(-1, 240)).max(axis=1)


def test_each_piece_of_400_ms_is_one_packet_with_its_place_in_time() -> None:
    rig = Rig()
    rig.speak(rig.open(), 2)
    assert [packet.first for packet in rig.packets] == [0, 20, 40, 60, 80]
    assert {packet.base_ms for packet in rig.packets} == {4800}
    assert [packet.sent_ms - rig.packets[0].sent_ms for packet in rig.packets] == [0, 400, 800, 1200, 1600]


def test_the_nodes_and_the_recording_hear_the_voice() -> None:
    rig = Rig()
    session = rig.open()
    pcm = np.frombuffer(rig.speak(session, 4), dtype="<i2").astype(float)
    session.close()
    sound = decoded(rig.packets)
    again, rate = soundfile.read(io.BytesIO(rig.file.getvalue()))
    assert rate == 24_000
    assert len(again) >= 3.9 * rate
    late = 5 * 24 + 156  # the limiter's view ahead, and the encoder's own delay
    assert np.corrcoef(envelope(pcm[:-late]), envelope(sound[late : len(pcm)]))[0, 1] > 0.8
    assert np.corrcoef(sound[late : late + len(again)], again[: len(sound) - late])[0, 1] > 0.99


def test_the_last_packet_names_the_exact_end() -> None:
    rig = Rig()
    session = rig.open()
    rig.speak(session, 1.1)
    totals = session.close()
    assert rig.packets[-1].last
    assert rig.packets[-1].first == 55
    assert totals.ends_ms == 4800 + 1100
    assert not session.feed(bytes(PIECE))


def test_a_gap_is_silence_in_the_recording_and_is_not_sent() -> None:
    rig = Rig()
    session = rig.open()
    rig.speak(session, 0.8)
    rig.now_at += timedelta(seconds=2)
    rig.speak(session, 0.8, begin_ms=2800)
    session.close()
    assert [packet.first for packet in rig.packets] == [0, 20, 140, 160, 180]
    assert session.totals.gap_ms == 2000
    assert len(soundfile.read(io.BytesIO(rig.file.getvalue()))[0]) >= 3.5 * 24_000


def test_a_piece_posted_twice_is_heard_once() -> None:
    rig = Rig()
    session = rig.open()
    session.feed(bytes(PIECE), at_ms=0)
    session.feed(bytes(PIECE), at_ms=0)
    assert (len(rig.packets), session.totals.sound_ms, session.totals.refused) == (1, 400, 1)


def test_pieces_of_any_length_make_whole_frames() -> None:
    rig = Rig()
    session = rig.open()
    for start in range(0, PIECE, 1000):
        session.feed(bytes(PIECE)[start : start + 1000], at_ms=start // 48)
    assert session.totals.sound_ms == 400


def test_a_session_ends_at_its_longest_length() -> None:
    rig = Rig(longest_ms=1000)
    session = rig.open()
    rig.speak(session, 2)
    assert not session.is_open
    assert session.close().sound_ms == 1000


def test_a_probe_carries_no_sound_and_moves_nothing() -> None:
    rig = Rig()
    session = rig.open()
    session.probe()
    rig.speak(session, 0.4)
    assert [(packet.seq, packet.first, len(packet.frames)) for packet in rig.packets] == [(0, 0, 0), (1, 0, 20)]
