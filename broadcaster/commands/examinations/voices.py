"""Each engine says a sentence: what is only installed has not been heard."""

from collections.abc import Iterator

from broadcaster.config import Config
from broadcaster.errors import LoaError
from broadcaster.refusals.reasons import Reason
from broadcaster.speech.deadline import Deadline
from broadcaster.speech.engine import Engine
from broadcaster.speech.factory import build_chain
from broadcaster.speech.voices import Voice
from broadcaster.station.upkeep.examination import ExaminationFinding, Grade

SENTENCE = "Kính chào bà con."
SECONDS = 20.0


def try_voices(config: Config) -> Iterator[ExaminationFinding]:
    """A silent engine is to be looked at; none that speaks is broken: no announcement gets a sound."""
    folder = config.data_dir
    chain = build_chain(config.speech, cache_dir=folder / "sentences", voices_dir=folder / "voices")
    spoke = False
    for engine in chain.engines:
        why_not = _try(engine, Voice(engine.name, "", config.speech.region))
        spoke = spoke or why_not is None
        if why_not is None:
            yield ExaminationFinding(Grade.GOOD, Reason("doctor.voice_ready", engine=engine.name))
        else:
            yield ExaminationFinding(Grade.LOOK, Reason("doctor.voice_not_ready", engine=engine.name, why=why_not))
    if not spoke:
        yield ExaminationFinding(Grade.BAD, Reason("doctor.no_voice"))


def _try(engine: Engine, voice: Voice) -> Reason | None:
    """None when sound came out."""
    try:
        why_not = engine.available()
        if why_not is not None:
            return why_not
        speech = engine.synthesize(SENTENCE, voice=voice, deadline=Deadline.after(SECONDS))
        return None if len(speech.samples) and speech.samples.any() else Reason("doctor.voice_mute")
    except LoaError as error:
        return error.reason
    except (OSError, RuntimeError, ValueError) as error:  # an engine's library has faults of its own
        return Reason("doctor.fault", cause=error)
