"""A resident's voice is read in the bounded process and never comes near what can be broadcast."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from broadcaster.audio import encode
from broadcaster.audio.settings import AudioSettings
from broadcaster.audio.sound import CLIP_RATE, Sound
from broadcaster.errors import Invalid
from broadcaster.feedback_voices import FeedbackVoices
from broadcaster.refusals.reasons import Reason
from broadcaster.station.database.engine import Database
from broadcaster.station.feedback import inbox, sending, voices
from broadcaster.station.feedback.sending import ResidentMessage
from broadcaster.station.schema import Clip
from broadcaster.station.vocabulary.states import VoiceState
from tests.rig.commune import NOW, Commune

SPOKEN = ResidentMessage(problem="other", has_voice=True)


def sent(database: Database, commune: Commune, folder: Path, data: bytes, *, text: str = "") -> str:
    """The id of a message with this file."""
    part = voices.take_in(io.BytesIO(data), folder)
    with database.session() as s:
        row = sending.receive(s, commune.strong, replace(SPOKEN, text=text), now_at=NOW)
        voices.give_name(part, row.id)
        return row.id


def tone(seconds: float) -> bytes:
    times = np.arange(int(seconds * CLIP_RATE)) / CLIP_RATE
    return encode.wav(Sound((0.2 * np.sin(2 * np.pi * 440 * times)).astype(np.float32)))


def test_a_voice_becomes_sound_for_the_staff_cut_after_a_minute_and_no_clip(
    database: Database, commune: Commune, tmp_path: Path
) -> None:
    feedback_id = sent(database, commune, tmp_path, tone(63))
    work = FeedbackVoices(database, tmp_path, AudioSettings())
    assert work.run_once()
    assert not work.run_once()
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{feedback_id}.m4a", f"{feedback_id}.ogg"]
    with database.reading() as s:
        row = inbox.get(s, feedback_id)
        assert (row.voice, row.voice_ms) == (VoiceState.READY, 60_000)
        assert s.query(Clip).count() == 0


@pytest.mark.parametrize(
    "data", [b"\x00" * 40_000, b"RIFF\xff\xff\xff\xffWAVEfmt " + bytes(range(256)) * 20, b"<html>", b"OggS" * 5_000]
)
def test_hostile_bytes_are_refused_with_a_reason_and_the_next_one_is_read(
    database: Database, commune: Commune, tmp_path: Path, data: bytes
) -> None:
    bad = sent(database, commune, tmp_path, data)
    work = FeedbackVoices(database, tmp_path, AudioSettings())
    assert work.run_once()
    with database.reading() as s:
        row = inbox.get(s, bad)
        assert row.voice is VoiceState.REFUSED
        assert row.voice_reason is not None
        assert row.voice_reason.code.startswith("recording.")
    assert list(tmp_path.iterdir()) == []
    assert not work.run_once()


def test_a_voice_whose_file_is_gone_is_said_to_be_gone(database: Database, commune: Commune, tmp_path: Path) -> None:
    feedback_id = sent(database, commune, tmp_path, b"x")
    voices.waiting_path(tmp_path, feedback_id).unlink()
    assert FeedbackVoices(database, tmp_path, AudioSettings()).run_once()
    with database.reading() as s:
        assert inbox.get(s, feedback_id).voice_reason == Reason("recording.original_gone")


def test_what_is_too_large_or_empty_leaves_nothing_behind(tmp_path: Path) -> None:
    for data in (b"", b"x" * (voices.LARGEST_BYTES + 1)):
        with pytest.raises(Invalid):
            voices.take_in(io.BytesIO(data), tmp_path)
    assert list(tmp_path.iterdir()) == []
