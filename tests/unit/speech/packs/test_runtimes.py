from pathlib import Path

import numpy as np
import pytest

from broadcaster.errors import Invalid
from broadcaster.speech import Deadline, VoiceAbsent
from broadcaster.speech import Voice as Wish
from broadcaster.speech.engine import Engine
from broadcaster.speech.engines.pack import PackEngine
from broadcaster.speech.packs import shelf
from broadcaster.speech.packs.adding import add_pack, check_pack
from broadcaster.speech.packs.trial import in_own_process, in_this_process
from tests.doubles.engine_contract import LONG, SHORT, EngineContract
from tests.doubles.tiny_packs import KINDS, write_pack


def with_packs(folder: Path, *kinds: str) -> PackEngine:
    for kind in kinds:
        add_pack(write_pack(folder, engine=kind), voices_dir=folder / "voices", trial=in_this_process)
    return PackEngine(folder / "voices")


def said(engine: PackEngine, sentence: str, *, name: str = "", rate_percent: int = 100) -> bytes:
    wish = Wish("pack", name, "north", rate_percent)
    return engine.synthesize(sentence, voice=wish, deadline=Deadline.after(30)).samples.tobytes()


class TestPackEngine(EngineContract):
    @pytest.fixture
    def engine(self, tmp_path: Path) -> Engine:
        return with_packs(tmp_path, "onnx")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.long
def test_every_kind_of_model_is_taken_in_and_speaks_at_the_speed_asked_for(tmp_path: Path, kind: str) -> None:
    engine = with_packs(tmp_path, kind)
    name = f"thu-{kind}/lan"
    short, long = said(engine, SHORT, name=name), said(engine, LONG, name=name)
    assert len(long) > 2 * len(short)
    assert len(said(engine, LONG, name=name, rate_percent=150)) < 0.8 * len(long)
    assert said(engine, SHORT, name=name) == short
    [pack] = shelf.installed(tmp_path / "voices")
    assert pack.examined.real_time_factor > 1
    assert 60 < pack.examined.syllables_a_minute < 600


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_without_tones_is_refused_whatever_the_model(tmp_path: Path, kind: str) -> None:
    archive = write_pack(tmp_path, engine=kind, tones=False)
    with pytest.raises(Invalid, match=r"pack\.symbols_missing"):
        add_pack(archive, voices_dir=tmp_path / "voices", trial=in_this_process)
    assert shelf.installed(tmp_path / "voices") == []
    assert [each.name for each in (tmp_path / "voices" / "packs").iterdir()] == []


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"supertonic"}))
def test_words_that_differ_in_tone_alone_sound_different(tmp_path: Path, kind: str) -> None:
    engine = with_packs(tmp_path, kind)
    assert len({said(engine, word) for word in ("ma", "má", "mà", "mả", "mã", "mạ")}) == 6


def test_one_of_the_region_is_taken_where_none_was_named(tmp_path: Path) -> None:
    north = {"speakers": [{"id": "mai", "name": "Mai", "sex": "female", "region": "north"}]}
    add_pack(write_pack(tmp_path, pack_id="bac", **north), voices_dir=tmp_path / "voices", trial=in_this_process)
    engine = with_packs(tmp_path, "piper")
    assert said(engine, SHORT) == said(engine, SHORT, name="bac/mai")
    assert said(engine, SHORT) != said(engine, SHORT, name="thu-piper")


def test_a_voice_that_is_gone_is_named_and_counts_against_nobody(tmp_path: Path) -> None:
    engine = with_packs(tmp_path, "onnx")
    for name in ("thu-onnx/hoa", "khac", "../packs/thu-onnx"):
        with pytest.raises(VoiceAbsent, match=r"pack\.unknown"):
            said(engine, SHORT, name=name)
    shelf.remove(tmp_path / "voices", "thu-onnx")
    assert str(engine.available()) == "pack.none"


def test_a_replaced_pack_is_another_version(tmp_path: Path) -> None:
    before = with_packs(tmp_path, "onnx").version()
    archive = write_pack(tmp_path, engine="onnx", version="2")
    add_pack(archive, voices_dir=tmp_path / "voices", trial=in_this_process)
    assert PackEngine(tmp_path / "voices").version() != before


def test_a_file_spoiled_on_disk_is_noticed_by_the_check_and_by_the_first_sentence(tmp_path: Path) -> None:
    engine = with_packs(tmp_path, "onnx")
    [pack] = shelf.installed(tmp_path / "voices")
    model = pack.path("model")
    model.write_bytes(model.read_bytes()[:-1] + b"x")
    with pytest.raises(Invalid, match=r"pack\.digest_wrong"):
        check_pack(pack, trial=in_this_process)
    with pytest.raises(Exception, match=r"pack\.digest_wrong"):
        said(engine, SHORT)


def test_a_wrong_sample_rate_a_wrong_input_and_a_model_that_is_none_are_refused(tmp_path: Path) -> None:
    for number, (changes, code) in enumerate(
        [
            ({"engine": "piper", "sample_rate": 16_000}, "rate_wrong"),
            ({"options": {"inputs": {"tokens": "ids"}}}, "option_invalid"),
            ({"options": {"text": "words"}}, "option_invalid"),
        ]
    ):
        archive = write_pack(tmp_path, pack_id=f"sai-{number}", **{"engine": "onnx", **changes})
        with pytest.raises(Invalid, match=rf"pack\.{code}"):
            add_pack(archive, voices_dir=tmp_path / "voices", trial=in_this_process)


@pytest.mark.long
def test_the_trial_of_its_own_process_finds_the_same_and_outlives_a_model_that_ends_it(tmp_path: Path) -> None:
    trial = in_own_process()
    pack = add_pack(write_pack(tmp_path, engine="onnx"), voices_dir=tmp_path / "voices", trial=trial)
    assert pack.examined.syllables_a_minute > 0
    for each in pack.folder.glob("*.onnx"):
        each.write_bytes(b"no model at all")
    with pytest.raises(Invalid, match=r"pack\.(not_spoken|crashed)"):
        trial(pack.folder, pack.manifest)


def test_samples_beyond_full_scale_are_cut_and_none_is_lost(tmp_path: Path) -> None:
    engine = with_packs(tmp_path, "supertonic")
    speech = engine.synthesize(SHORT, voice=Wish("pack", "", "south"), deadline=Deadline.after(30))
    assert speech.samples.dtype == np.int16
    assert speech.sample_rate == 16_000
