"""The thread that sends microphones: from pieces in a folder to packets, a clip and a line in the audit trail."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import soundfile
from nacl.signing import SigningKey

from broadcaster.audio.live.opus import OpusEncoder
from broadcaster.audio.settings import AudioSettings
from broadcaster.live import pieces
from broadcaster.live.microphone import LOST
from broadcaster.live.on_air import SILENT, Surroundings
from broadcaster.live.pieces import Piece, PieceKind
from broadcaster.live.runner import LiveRunner
from broadcaster.protocol.live.packets import LivePacket, unpack
from broadcaster.station.agendas import live_items
from broadcaster.station.database.engine import Database
from broadcaster.station.live import sessions
from broadcaster.station.live.sessions import LiveRequest
from broadcaster.station.rows import settings
from broadcaster.station.rules import stop_all
from broadcaster.station.schema import LiveSessionRow
from broadcaster.station.vocabulary.states import LiveState
from tests.rig.commune import NOW, Commune
from tests.rig.databases import ON_SQLITE

pytestmark = [pytest.mark.integration, ON_SQLITE]
KEY = SigningKey(bytes(range(32)))


@dataclass
class Rig:
    """A runner whose clock the test moves, and what it sent."""

    database: Database
    folder: Path
    by: Commune
    now_at: datetime = NOW
    packets: list[LivePacket] = field(default_factory=list)
    session: str = ""
    seq: int = 0

    def __post_init__(self) -> None:
        self.encoder = OpusEncoder()
        self.runner = self.started()

    def started(self) -> LiveRunner:
        around = Surroundings(
            database=self.database,
            data_dir=self.folder,
            clips_dir=self.folder / "clips",
            station="con-minh",
            key=KEY,
            publish=self.sent,
            clock=lambda: self.now_at,
        )
        runner = LiveRunner(around, AudioSettings())
        runner.prepare()
        return runner

    def sent(self, topic: str, payload: bytes) -> None:
        self.packets.append(unpack(payload, station="con-minh", session=topic.split("/")[4], key=KEY.verify_key))

    def open(self) -> None:
        with self.database.session() as s:
            self.session = sessions.ask(s, LiveRequest(zones=["con-minh"]), by=self.by.officer, now_at=self.now_at).id
        self.turn()
        self.now_at += timedelta(seconds=4)

    def turn(self) -> None:
        """One look and one step."""
        self.runner._looked = float("-inf")
        self.runner.step()

    def speak(self, count: int) -> None:
        """So many pieces of 400 ms, in their time."""
        for _ in range(count):
            at = np.arange(self.seq * 9600, (self.seq + 1) * 9600)
            pcm = (np.sin(2 * np.pi * 600 * at / 24_000) * 9000).astype("<i2").tobytes()
            frames = [self.encoder.encode(pcm[start : start + 960]) for start in range(0, len(pcm), 960)]
            body = b"".join(len(frame).to_bytes(2, "big") + frame for frame in frames)
            pieces.put(self.folder, self.session, Piece(self.seq, self.seq * 400, PieceKind.OPUS, 48_000, body))
            self.seq += 1
            self.turn()
            self.now_at += timedelta(milliseconds=400)

    def row(self) -> LiveSessionRow:
        with self.database.reading() as s:
            return sessions.get(s, self.session)

    def over(self) -> None:
        """Until nothing is left to say."""
        for _ in range(8):
            self.now_at += timedelta(seconds=1)
            self.turn()


@pytest.fixture
def rig(database: Database, commune: Commune, tmp_path: Path) -> Iterator[Rig]:
    made = Rig(database, tmp_path, commune)
    yield made
    made.encoder.close()
    for microphone in made.runner._open.values():
        microphone._reader.close()
        microphone._file.close()


def test_what_is_said_is_sent_recorded_and_closed_at_the_press(rig: Rig) -> None:
    rig.open()
    rig.speak(5)
    assert rig.row().sounding_at is not None
    with rig.database.session() as s:
        sessions.end(s, sessions.get(s, rig.session), by=rig.by.officer, now_at=rig.now_at)
    rig.over()
    row = rig.row()
    spoken = [packet for packet in rig.packets if packet.frames]
    assert [packet.first for packet in spoken] == [0, 20, 40, 60, 80]
    assert len([packet for packet in rig.packets if packet.last]) >= 3
    assert (row.state, row.end_reason, row.sound_ms) == (LiveState.ENDED, "stopped", 2000)
    assert row.ends_ms == spoken[0].base_ms + 2000
    sound, rate = soundfile.read(rig.folder / "clips" / f"{row.recording_sha256}.ogg")
    assert len(sound) >= 1.9 * rate
    assert np.abs(sound).max() > 0.1
    assert not (rig.folder / pieces.FOLDER / rig.session).exists()


def test_probes_go_out_before_the_first_word(rig: Rig) -> None:
    rig.open()
    for _ in range(3):
        rig.turn()
        rig.now_at += timedelta(milliseconds=500)
    assert len(rig.packets) >= 2
    assert not any(packet.frames for packet in rig.packets)


def test_a_speaker_who_falls_silent_is_told_and_one_who_is_gone_ends_the_session(rig: Rig) -> None:
    rig.open()
    rig.speak(2)
    rig.now_at += SILENT
    rig.turn()
    assert rig.row().silent_at is not None
    rig.seq += 13
    rig.speak(1)
    assert rig.row().silent_at is None
    rig.now_at += LOST
    rig.over()
    assert (rig.row().state, rig.row().end_reason) == (LiveState.ENDED, "lost")


def test_a_stop_all_closes_it_with_what_was_said(rig: Rig) -> None:
    rig.open()
    rig.speak(2)
    with rig.database.session() as s:
        stop_all.order(s, by=rig.by.officer, reason="thử", now_at=rig.now_at)
    rig.over()
    row = rig.row()
    assert (row.state, row.end_reason, row.sound_ms) == (LiveState.ENDED, "stop_all", 800)
    assert row.recording_sha256 is not None


def test_a_session_of_a_program_that_died_is_closed_with_its_recording(rig: Rig) -> None:
    rig.open()
    rig.speak(4)
    microphone = rig.runner._open[rig.session]
    microphone._file.flush()
    rig.runner._open.clear()
    microphone._reader.close()
    microphone._file.close()
    rig.started()._recover()
    assert (rig.row().state, rig.row().end_reason) == (LiveState.ENDED, "restarted")


def test_the_chimes_are_made_once(rig: Rig) -> None:
    with rig.database.reading() as s:
        made = settings.read(s, live_items.CHIMES)
    assert set(made) == {"routine", "priority", "emergency"}
    rig.started()
    with rig.database.reading() as s:
        assert settings.read(s, live_items.CHIMES) == made
