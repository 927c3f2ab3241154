"""The machine listener at work, with a double that hears what the test says."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from broadcaster.audio.encode import opus
from broadcaster.audio.settings import AudioSettings
from broadcaster.audio.sound import CLIP_RATE, Sound
from broadcaster.errors import Unavailable
from broadcaster.speech import Voice
from broadcaster.speech.engine import Speech
from broadcaster.speech.listener.whisper import RATE, Samples
from broadcaster.station.announcements import announcements
from broadcaster.station.database.engine import Database
from broadcaster.station.hearings import hearings
from broadcaster.station.schema import Clip, MachineHearing
from broadcaster.voice_keeping.proof_hearing import ProofHearing
from tests.rig.commune import NOW, Commune, render, write

pytestmark = pytest.mark.integration


class Ears:
    """Does not make out “chín”; writes down how many seconds it heard."""

    def __init__(self, before: Callable[[], None] = lambda: None) -> None:
        self.asked: list[list[str]] = []
        self.closed = 0
        self._before = before

    def surprises(self, clip: Samples, words: Sequence[str]) -> list[float]:
        self._before()
        self.asked.append(list(words))
        return [9.0 if word == "chín" else 0.5 for word in words]

    def transcript(self, clip: Samples) -> str:
        self._before()
        return f"nghe {len(clip) // RATE} giây"

    def close(self) -> None:
        self.closed += 1


class Voices:
    """Every sentence was said before, but those with “quên” in them."""

    def remembered(self, sentences: list[str], *, voice: Voice, engine_name: str) -> list[Speech | None]:
        said = Speech(samples=np.ones(24_000, dtype=np.int16), sample_rate=24_000)
        return [None if "quên" in each else said for each in sentences]


def listening(database: Database, folder: Path, ears: Ears | None) -> ProofHearing:
    return ProofHearing(database, Voices(), ears, clips_dir=folder, settings=AudioSettings(), clock=lambda: NOW)


def draft(database: Database, commune: Commune, text: str) -> str:
    """Its clip."""
    written = write(database, commune.officer, text=text)
    render(database)
    with database.reading() as s:
        return announcements.get(s, written.id).clip_sha256 or ""


def known(database: Database, sha256: str) -> MachineHearing | None:
    with database.reading() as s:
        return hearings.of(s, sha256)


def test_numbers_it_did_not_make_out_are_marked_before_approval(
    database: Database, commune: Commune, tmp_path: Path
) -> None:
    sha256, ears = draft(database, commune, "Họp lúc 9 giờ. Đừng quên. Mời bà con."), Ears()
    hearing = listening(database, tmp_path, ears)
    assert hearing.run_once()
    assert not hearing.run_once()
    assert ears.asked == [["họp", "lúc", "chín", "giờ"], ["mời", "bà", "con"]]
    found = known(database, sha256)
    assert found is not None
    assert (found.words, found.text) == (7, None)
    assert [(each["word"], each["figure"]) for each in found.marks or ()] == [("chín", True)]


def test_a_recording_is_written_down_from_the_clip_that_sounds(
    database: Database, commune: Commune, tmp_path: Path
) -> None:
    sha256 = draft(database, commune, "Lời trong bản ghi.")
    with database.session() as s:
        s.get_one(Clip, sha256).engine = "upload"
    tone = np.sin(np.arange(2 * CLIP_RATE) / 20).astype(np.float32) / 2
    (tmp_path / f"{sha256}.ogg").write_bytes(opus(Sound(tone), bitrate_bps=20_000, complexity=0))
    assert listening(database, tmp_path, Ears()).run_once()
    found = known(database, sha256)
    assert found is not None
    assert found.text in ("nghe 1 giây", "nghe 2 giây")
    assert found.marks is None


def test_without_a_listener_nothing_is_heard(database: Database, commune: Commune, tmp_path: Path) -> None:
    sha256 = draft(database, commune, "Họp thôn.")
    assert not listening(database, tmp_path, None).run_once()
    assert known(database, sha256) is None


def test_clips_somebody_waits_for_are_made_first(database: Database, commune: Commune, tmp_path: Path) -> None:
    draft(database, commune, "Họp thôn.")
    write(database, commune.officer, text="Còn phải tạo.")
    assert not listening(database, tmp_path, Ears()).run_once()
    render(database)
    assert listening(database, tmp_path, Ears()).run_once()


@pytest.mark.parametrize("fault", [Unavailable("hearing.listener_failed"), OSError(), ValueError("a bug")])
def test_a_listener_that_fails_harms_nothing_and_goes_on(
    database: Database, commune: Commune, tmp_path: Path, fault: Exception
) -> None:
    def fail() -> None:
        raise fault

    sha256 = draft(database, commune, "Họp thôn.")
    hearing = listening(database, tmp_path, Ears(fail))
    assert hearing.run_once()
    assert known(database, sha256) is None
    assert not hearing.run_once()


def test_it_ends_when_told(database: Database, tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    listening(database, tmp_path, Ears()).run(stop)
