"""What espeak-ng makes of Vietnamese for models that read its phonemes, tones as digits."""

import threading
from typing import Any

TONE_DIGITS = frozenset("124567")
"""espeak-ng's signs of the six tones; a table without them makes "ma, má, mà" one word."""

_LOCK = threading.Lock()
_STRESS_AND_ENDS = frozenset("\u02c8\u02cc .,!?;:-")
"""Signs of stress and pause: without them the words still sound right."""


def phonemes(text: str, *, voice: str) -> list[str]:
    """One sign a place, in order. Needs the package ``piper-tts``."""
    from piper.phonemize_espeak import EspeakPhonemizer

    with _LOCK:
        sentences: list[list[str]] = EspeakPhonemizer().phonemize(voice, text)
    return [each for sentence in sentences for each in sentence]


def lacking(text: str, table: Any, *, voice: str) -> set[str]:
    """Phonemes of ``text`` and tone digits that ``table`` has no entry for."""
    wanted = (set(phonemes(text, voice=voice)) - _STRESS_AND_ENDS) | TONE_DIGITS
    return {each for each in wanted if each not in table}
