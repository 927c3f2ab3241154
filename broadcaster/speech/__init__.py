"""Words to sound: one port, several engines, and the chain that picks one for a whole clip.

Only the light values stand in this window, so that reading the settings loads no sound library; the rest is one import
deeper: ``speech.chain``, ``speech.factory``, ``speech.engine``.
"""

from broadcaster.speech.deadline import Deadline
from broadcaster.speech.errors import (
    EngineFailed,
    EngineUnavailable,
    SpeechCancelled,
    SpeechError,
    SpeechUnavailable,
    VoiceAbsent,
)
from broadcaster.speech.settings import SpeechSettings
from broadcaster.speech.voices import AUTO, OFFLINE, REGIONS, Voice

__all__ = [
    "AUTO",
    "OFFLINE",
    "REGIONS",
    "Deadline",
    "EngineFailed",
    "EngineUnavailable",
    "SpeechCancelled",
    "SpeechError",
    "SpeechSettings",
    "SpeechUnavailable",
    "Voice",
    "VoiceAbsent",
]
