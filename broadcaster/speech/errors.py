"""What can go wrong between words and sound."""

from broadcaster.errors import LoaError


class SpeechError(LoaError):
    """An engine did not deliver a sentence; the chain turns to the next engine."""


class EngineFailed(SpeechError):
    """The engine was asked and its answer cannot be used."""


class EngineUnavailable(SpeechError):
    """The engine is not there, or asks to be left alone for a while: asking again at once is pointless."""


class VoiceAbsent(EngineUnavailable):
    """The engine is not set up, or has no voice of that name: nothing that counts against it."""


class SpeechCancelled(LoaError):
    """Somebody stopped the work; nothing was kept."""


class SpeechUnavailable(LoaError):
    """No engine of the chain could say the text."""
