"""What Google's speech endpoint answers, and whether it is the sentence we asked for."""

import base64
import binascii
import re

import numpy as np

from broadcaster.errors import LoaError
from broadcaster.speech.engine import Speech
from broadcaster.speech.engines.mp3 import BrokenMp3, decoded_mp3
from broadcaster.speech.plausibility import implausible

_AUDIO = re.compile(rb'jQ1olc","\[\\"(.*?)\\"\]')


class UnusableAnswer(LoaError):
    """The endpoint said success and delivered something else."""


def spoken_answer(body: bytes, *, text: str) -> Speech:
    """The speech in ``body``; raises ``UnusableAnswer`` unless it is whole and about as long as ``text``."""
    parts = _AUDIO.findall(body)
    if not parts:
        raise UnusableAnswer("online_answer.no_sound")
    try:
        decoded = [decoded_mp3(base64.b64decode(part, validate=True)) for part in parts]
    except (binascii.Error, BrokenMp3) as error:
        raise UnusableAnswer("online_answer.broken") from error
    speech = Speech(np.concatenate([each.samples for each in decoded]), decoded[0].sample_rate)
    if reason := implausible(speech, syllables=len(text.split())):
        raise UnusableAnswer.of(reason)
    return speech
