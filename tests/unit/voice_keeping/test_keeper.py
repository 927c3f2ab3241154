"""The station looks at its voices: what there is, what was brought, whose key is still good."""

from pathlib import Path

import pytest

from broadcaster.config import Config
from broadcaster.refusals.reasons import Reason
from broadcaster.speech import Voice
from broadcaster.speech.packs import incoming
from broadcaster.speech.packs.trial import in_this_process
from broadcaster.station.clips import voice_changes
from broadcaster.station.clips.voice_choices import VoiceChoices
from broadcaster.station.database.engine import Database
from broadcaster.station.rows import voice_states
from broadcaster.station.rows.voice_states import KnownVoices
from broadcaster.voice_keeping.keeper import VoiceKeeper
from tests.doubles.tiny_packs import write_pack
from tests.rig.commune import NOW, Commune

pytestmark = pytest.mark.integration


class Speakers:
    """Answers as it is told, and remembers who was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answer: Reason | None = None

    def why_not(self, engine_name: str) -> Reason | None:
        return None

    def try_voice(self, voice: Voice, words: str) -> Reason | None:
        self.asked.append(f"{voice.engine}:{voice.name}")
        return self.answer


def keeper(database: Database, folder: Path, speakers: Speakers | None = None) -> VoiceKeeper:
    config = Config(data_dir=folder)
    sticks = (str(folder / "media" / "*"),)
    return VoiceKeeper(database, config, speakers or Speakers(), lambda: NOW, trial=in_this_process, sticks=sticks)


def state(database: Database) -> KnownVoices:
    with database.reading() as s:
        return voice_states.read(s)


def test_a_pack_that_was_brought_is_taken_in_and_another_is_refused_with_its_reason(
    database: Database, tmp_path: Path
) -> None:
    archive = write_pack(tmp_path, engine="onnx")
    with archive.open("rb") as file:
        incoming.lay_down(file, name="Giọng thử.zip", voices_dir=tmp_path / "voices")
    keeper(database, tmp_path).look()
    assert state(database).find("pack:thu-onnx/lan") is not None
    (tmp_path / "empty.tar").write_bytes(b"nothing")
    with (tmp_path / "empty.tar").open("rb") as file:
        incoming.lay_down(file, name="empty.tar", voices_dir=tmp_path / "voices")
    keeper(database, tmp_path).look()
    [last] = state(database).last
    assert (last.name, last.refused.code if last.refused else "") == ("empty.tar", "pack.archive_broken")
    assert list((tmp_path / "voices" / "incoming").iterdir()) == []


def test_packs_on_a_stick_are_seen(database: Database, tmp_path: Path) -> None:
    (tmp_path / "media" / "usb").mkdir(parents=True)
    (tmp_path / "media" / "usb" / "lan.zip").write_bytes(b"PK")
    (tmp_path / "media" / "usb" / "hop.docx").write_bytes(b"PK")
    keeper(database, tmp_path).look()
    assert state(database).sticks == (str(tmp_path / "media" / "usb" / "lan.zip"),)


def test_a_key_in_use_is_tried_now_and_then_and_its_refusal_is_told(
    database: Database, commune: Commune, tmp_path: Path
) -> None:
    (tmp_path / "voice-keys").mkdir()
    (tmp_path / "voice-keys" / "fpt").write_text("abc\n")
    (tmp_path / "voice-keys" / "fpt").chmod(0o600)
    speakers = Speakers()
    speakers.answer = Reason("online_voice.key_refused", provider="FPT.AI", status=401)
    looking = keeper(database, tmp_path, speakers)
    looking.look()
    assert speakers.asked == []
    with database.session() as s:
        chosen = VoiceChoices(routine="fpt:lannhi")
        voice_changes.choose(s, chosen=chosen, by=commune.administrator, now_at=NOW)
    looking.look()
    looking.look()
    assert speakers.asked == ["fpt:lannhi"]
    found = state(database).find("fpt:lannhi")
    assert found is not None
    assert found.trouble == speakers.answer
