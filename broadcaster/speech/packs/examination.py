"""May this pack speak? Its table of symbols, a spoken sentence, and how fast this machine is with it."""

import time
from collections.abc import Callable

import numpy as np

from broadcaster.errors import Invalid, LoaError
from broadcaster.speech.engine import Speech
from broadcaster.speech.packs.loading import load
from broadcaster.speech.packs.manifest import PackSpeaker
from broadcaster.speech.packs.runtimes.port import PackRuntime, Wave
from broadcaster.speech.packs.shelf import Examined, InstalledPack
from broadcaster.speech.plausibility import implausible

SENTENCE = "Kính mời bà con đến nhà văn hóa thôn lúc bảy giờ tối thứ sáu, mang theo giấy tờ và phiếu hẹn tiêm chủng."
"""Said by every speaker of a pack; all six tones are in it."""
PROBES = (
    "ma má mà mả mã mạ",
    SENTENCE,
    "ăn ấn uống ước nghĩa quyển khuya gì giữ xanh trời đỗ kẻng phở thuế rưỡi ngoằn huỳnh yên vịt lửa sữa dễ bé ý",
)
"""Between them every letter and sound of the language."""
LOUDEST = 1.5
"""Of full scale; beyond it the model does not mean what we think it means."""

Surprise = Callable[[Speech, str], float]
"""The machine listener: nats a syllable."""


def examine(pack: InstalledPack, *, surprise: Surprise | None = None) -> Examined:
    """Load it, look at its table, have every speaker say the sentence. Raises Invalid with what is wrong."""
    try:
        runtime = load(pack)
        missing = {each for probe in PROBES for each in runtime.missing(probe)}
        if missing:
            raise Invalid("pack.symbols_missing", missing=sorted(missing)[:20])
        _check_rate(runtime, pack)
        return _spoken(pack, runtime, surprise)
    except LoaError:
        raise
    except Exception as error:  # a library's own classes have no common base, and whatever it is, the pack cannot speak
        cause = f"{type(error).__name__}: {' '.join(str(error).split())[:160]}"
        raise Invalid("pack.not_spoken", cause=cause) from error


def _check_rate(runtime: PackRuntime, pack: InstalledPack) -> None:
    if runtime.sample_rate != pack.manifest.sample_rate:
        raise Invalid("pack.rate_wrong", stated=pack.manifest.sample_rate, found=runtime.sample_rate)


def _spoken(pack: InstalledPack, runtime: PackRuntime, surprise: Surprise | None) -> Examined:
    first = pack.manifest.speakers[0]
    runtime.say(
        "Xin chào bà con.", speaker=first, rate_percent=100
    )  # what is loaded at the first word is not its speed
    said = [_tried(runtime, speaker) for speaker in pack.manifest.speakers]
    seconds_of_sound = sum(speech.duration_ms for speech, _, _ in said) / 1000
    speech, peak, _ = said[0]
    syllables = len(SENTENCE.split())
    return Examined(
        real_time_factor=round(seconds_of_sound / max(1e-6, sum(took for _, _, took in said)), 1),
        syllables_a_minute=round(syllables * 60_000 / speech.duration_ms),
        peak=round(peak, 3),
        surprise_nats=round(surprise(speech, SENTENCE), 2) if surprise else None,
    )


def _tried(runtime: PackRuntime, speaker: PackSpeaker) -> tuple[Speech, float, float]:
    """The speech, its peak, and how many seconds it took."""
    started = time.perf_counter()
    wave = runtime.say(SENTENCE, speaker=speaker, rate_percent=100)
    took = time.perf_counter() - started
    speech, peak = speech_of(wave, runtime.sample_rate), float(np.max(np.abs(wave))) if len(wave) else 0.0
    reason = implausible(speech, syllables=len(SENTENCE.split()))
    if reason is not None:
        raise Invalid("pack.sentence_implausible", speaker=speaker.name, why=reason)
    if peak > LOUDEST:
        raise Invalid("pack.overdriven", speaker=speaker.name)
    return speech, peak, took


def speech_of(wave: Wave, sample_rate: int) -> Speech:
    """As PCM16. Raises ValueError for what is no number."""
    if not np.all(np.isfinite(wave)):
        raise ValueError("the model made what is no sound")
    return Speech(np.clip(np.rint(wave * 32767), -32768, 32767).astype(np.int16), sample_rate)
