"""What every voice engine must do; each engine's tests run this over it."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from broadcaster.speech import Deadline, SpeechError, Voice
from broadcaster.speech.engine import Engine

SHORT = "Kính chào bà con."
LONG = "Kính chào bà con, hôm nay ủy ban nhân dân xã thông báo lịch tiêm phòng cho trẻ em tại trạm y tế."


class EngineContract:
    """Subclasses give a ready ``engine`` fixture."""

    def say(self, engine: Engine, sentence: str, *, rate_percent: int = 100) -> int:
        voice = Voice(engine.name, "", "north", rate_percent)
        speech = engine.synthesize(sentence, voice=voice, deadline=Deadline.after(30))
        assert speech.samples.dtype == np.int16
        assert speech.samples.ndim == 1
        assert int(np.abs(speech.samples.astype(int)).max()) > 1000
        return speech.duration_ms

    def test_it_says_that_it_is_ready(self, engine: Engine) -> None:
        assert engine.available() is None
        assert engine.version()
        assert isinstance(engine, Engine)

    def test_a_longer_sentence_takes_longer(self, engine: Engine) -> None:
        assert 300 < self.say(engine, SHORT) < self.say(engine, LONG) < 20_000

    def test_a_higher_rate_is_faster(self, engine: Engine) -> None:
        slow, normal, fast = (self.say(engine, LONG, rate_percent=rate) for rate in (70, 100, 150))
        assert slow > normal * 1.15
        assert fast < normal * 0.9

    @pytest.mark.parametrize("region", ["north", "centre", "south"])
    def test_every_region_is_answered(self, engine: Engine, region: str) -> None:
        engine.synthesize(SHORT, voice=Voice(engine.name, "", region), deadline=Deadline.after(30))

    def test_a_deadline_that_has_passed_is_an_error_and_not_half_a_sentence(self, engine: Engine) -> None:
        with pytest.raises(SpeechError):
            engine.synthesize(LONG, voice=Voice(engine.name, "", "north"), deadline=Deadline.after(0))

    def test_threads_do_not_disturb_each_other(self, engine: Engine) -> None:
        sentences = [SHORT, LONG] * 4
        with ThreadPoolExecutor(4) as pool:
            lengths = list(pool.map(lambda each: self.say(engine, each), sentences))
        assert max(lengths[::2]) < min(lengths[1::2])
