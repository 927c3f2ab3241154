import itertools
from pathlib import Path

import numpy as np
import pytest
import soundfile

from broadcaster.audio.chime import chime
from broadcaster.audio.settings import AudioSettings
from broadcaster.audio.sound import CLIP_RATE
from broadcaster.errors import Invalid
from broadcaster.refusals.reasons import Reason
from broadcaster.rendering import (
    DRILL_WORDS,
    ClipPlan,
    RecordingPlan,
    RenderCancelled,
    Renderer,
    SpeechUnavailable,
    plan_hash,
)
from broadcaster.speech import AUTO, Voice
from broadcaster.speech.cache import SentenceCache
from broadcaster.speech.chain import EngineStage, SpeechChain
from broadcaster.text import normalize
from tests.doubles.fake_engine import FakeEngine, hum

pytestmark = pytest.mark.long

TEXT = "Kính chào bà con. Sáng mai tiêm phòng tại trạm y tế xã. Xin cảm ơn bà con."
VOICE = Voice(AUTO, "", "north")


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def renderer(engine: FakeEngine, tmp_path: Path) -> Renderer:
    cache = SentenceCache(tmp_path / "sentences", limit_bytes=10_000_000)
    return Renderer(chain=SpeechChain([EngineStage(engine, 60)], cache=cache), clips_dir=tmp_path / "clips")


def plan(text: str = TEXT, **changes: object) -> ClipPlan:
    facts = {"script": normalize(text), "voice": VOICE, "broadcast_class": "routine", "chime": "routine"}
    return ClipPlan(**{**facts, **changes})  # type: ignore[arg-type]


def loud_stretches_ms(path: Path) -> list[tuple[int, int]]:
    """Begin and end of every stretch of sound, in ms; gaps under 60 ms do not count."""
    samples, rate = soundfile.read(path)
    loud = np.flatnonzero(np.abs(samples) > 0.03) * 1000 // rate
    breaks = np.flatnonzero(np.diff(loud) > 60)
    starts = [loud[0], *loud[breaks + 1]]
    ends = [*loud[breaks], loud[-1]]
    return [(int(start), int(end)) for start, end in zip(starts, ends, strict=True)]


def test_a_clip_is_chime_then_every_sentence_with_its_pause(renderer: Renderer) -> None:
    made = plan(chime=None)
    clip = renderer.render(made)
    sentences = made.script.sentences
    at_ms = 400
    for (start, end), sentence in zip(loud_stretches_ms(clip.path), sentences, strict=True):
        length_ms = len(sentence.text.split()) * 200
        assert start == pytest.approx(at_ms, abs=25)
        assert end == pytest.approx(at_ms + length_ms, abs=45)
        at_ms += length_ms + sentence.pause_ms


def test_the_chime_comes_first_and_whole(renderer: Renderer) -> None:
    with_chime, without = renderer.render(plan()), renderer.render(plan(chime=None))
    assert with_chime.duration_ms == without.duration_ms + chime("routine").duration_ms + 700
    samples, _ = soundfile.read(with_chime.path, dtype="float32")
    start = 400 * CLIP_RATE // 1000
    heard = samples[start : start + len(chime("routine").samples)]
    likeness = (
        np.dot(heard, chime("routine").samples) / np.linalg.norm(heard) / np.linalg.norm(chime("routine").samples)
    )
    assert likeness > 0.9


def test_a_node_can_decode_the_clip_and_it_is_as_long_as_stated(renderer: Renderer) -> None:
    clip = renderer.render(plan())
    info = soundfile.info(clip.path)
    assert (info.format, info.subtype, info.channels) == ("OGG", "OPUS", 1)
    assert info.frames * 1000 / info.samplerate == pytest.approx(clip.duration_ms, abs=1)
    assert clip.size_bytes == clip.path.stat().st_size
    assert clip.path.name == f"{clip.sha256}.ogg"


@pytest.mark.parametrize(("horn", "lufs"), [("off", -16), ("mild", -16), ("loud", -14), ("strong", -14)])
def test_loudness_is_set_and_nothing_clips(renderer: Renderer, horn: str, lufs: float) -> None:
    clip = renderer.render(plan(horn=horn))
    assert clip.loudness_lufs == pytest.approx(lufs, abs=1.5)
    samples, _ = soundfile.read(clip.path)
    assert np.abs(samples).max() <= 1.0


def test_repeats_say_the_same_words_again(renderer: Renderer, engine: FakeEngine) -> None:
    once = renderer.render(plan(chime=None))
    said = list(engine.said)
    thrice = renderer.render(plan(chime=None, repeats=3))
    assert engine.said == said, "nothing had to be said again"
    words_ms = once.duration_ms - 400 - 300
    assert thrice.duration_ms == 400 + 3 * words_ms + 2 * 1500 + 300


def test_a_drill_sounds_like_a_drill_whatever_was_asked_for(renderer: Renderer, engine: FakeEngine) -> None:
    drill = renderer.render(plan(chime="emergency", drill=True))
    assert DRILL_WORDS in engine.said
    real = renderer.render(plan(chime="emergency"))
    assert drill.sha256 != real.sha256
    first_tone = loud_stretches_ms(drill.path)[0]
    assert first_tone[1] - first_tone[0] == pytest.approx(160, abs=25)


def test_the_same_plan_gives_the_same_clip(renderer: Renderer) -> None:
    assert renderer.render(plan()) == renderer.render(plan())


def test_progress_rises_to_one_with_a_word_on_what_is_done(renderer: Renderer) -> None:
    stated: list[tuple[float, str]] = []
    renderer.render(plan(), progress=lambda fraction, stage: stated.append((fraction, stage)))
    fractions = [fraction for fraction, _ in stated]
    assert fractions == sorted(fractions)
    assert fractions[-1] == pytest.approx(1.0)
    assert {stage.code.split(".")[0] for _, stage in stated} == {"stage"}


@pytest.mark.parametrize("calls", [0, 1])
def test_stopping_leaves_no_file(renderer: Renderer, calls: int) -> None:
    count = itertools.count()
    with pytest.raises(RenderCancelled, match=r"clip\.cancelled"):
        renderer.render(plan(), cancelled=lambda: next(count) >= calls)
    assert not list(renderer.clips_dir.glob("*"))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": ""}, "text"),
        ({"repeats": 0}, "repeats"),
        ({"repeats": 6}, "repeats"),
        ({"text": "một " * 20_000}, "text"),
    ],
)
def test_what_cannot_be_made_is_refused_before_any_work(
    renderer: Renderer, engine: FakeEngine, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        renderer.render(plan(**changes))  # type: ignore[arg-type]
    assert refused.value.field == field
    assert engine.said == []


def test_an_unknown_chime_is_refused(renderer: Renderer) -> None:
    with pytest.raises(Invalid, match=r"chime\.not_found"):
        renderer.render(plan(chime="còi"))


def test_no_voice_at_all_is_an_error_with_the_reason(renderer: Renderer, engine: FakeEngine) -> None:
    engine.unavailable = Reason("espeak.missing")
    with pytest.raises(SpeechUnavailable, match=r"espeak\.missing"):
        renderer.render(plan())


def test_a_recording_goes_through_the_same_chain(renderer: Renderer, tmp_path: Path) -> None:
    path = tmp_path / "loi-chu-tich.mp3"
    speech = hum(3000, pitch_hz=700)
    soundfile.write(path, speech.samples, speech.sample_rate, format="MP3")
    clip = renderer.render_recording(RecordingPlan(path, chime="priority", repeats=2))
    assert clip.engine == "upload"
    assert clip.loudness_lufs == pytest.approx(-16, abs=1)
    assert clip.duration_ms == pytest.approx(400 + chime("priority").duration_ms + 700 + 6000 + 1500 + 300, abs=250)
    assert clip.recorded is not None
    assert clip.recorded.container == "mp3"
    assert clip.recorded.decoded_ms == pytest.approx(3000, abs=60)


def test_a_recording_that_is_no_recording_is_refused(renderer: Renderer, tmp_path: Path) -> None:
    path = tmp_path / "thu.docx"
    path.write_bytes(b"PK\x03\x04" + bytes(500))
    with pytest.raises(Invalid, match=r"recording\.kind_zip"):
        renderer.render_recording(RecordingPlan(path, chime=None))


def hashed(made: ClipPlan, *, dictionary: str = "d", reading: str = "r") -> str:
    return plan_hash(made, dictionary_version=dictionary, reading_version=reading)


def test_equal_plans_have_equal_hashes() -> None:
    assert hashed(plan()) == hashed(plan())


@pytest.mark.parametrize(
    "other",
    [
        {"text": "Kính chào bà con."},
        {"voice": Voice("espeak", "", "south")},
        {"broadcast_class": "priority"},
        {"chime": None},
        {"repeats": 2},
        {"horn": "strong"},
        {"drill": True},
    ],
)
def test_whatever_changes_the_sound_changes_the_hash(other: dict[str, object]) -> None:
    assert hashed(plan(**other)) != hashed(plan())  # type: ignore[arg-type]


def test_the_versions_of_reading_and_dictionary_are_part_of_the_hash() -> None:
    assert len({hashed(plan()), hashed(plan(), dictionary="e"), hashed(plan(), reading="s")}) == 3


def test_the_length_limit_is_a_setting(renderer: Renderer) -> None:
    renderer.settings = AudioSettings(longest_clip_minutes=1)
    with pytest.raises(Invalid, match=r"announcement\.too_long_to_hear"):
        renderer.render(plan("một hai ba bốn năm. " * 50))
