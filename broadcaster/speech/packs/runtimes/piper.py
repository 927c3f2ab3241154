"""Piper's own package: one graph and its JSON. Roles ``model`` and ``config``."""

import numpy as np

from broadcaster.errors import Invalid
from broadcaster.speech.packs.manifest import PackSpeaker
from broadcaster.speech.packs.runtimes.phonemes import TONE_DIGITS
from broadcaster.speech.packs.runtimes.port import Wave
from broadcaster.speech.packs.shelf import InstalledPack


class PiperRuntime:
    """Speed is the model's own ``length_scale``; numbers and names have no emphasis of their own in it."""

    def __init__(self, pack: InstalledPack) -> None:
        from piper import PiperVoice

        self._voice = PiperVoice.load(pack.path("model"), config_path=pack.path("config"))
        if self._voice.config.phoneme_type == "espeak" and not self._voice.config.espeak_voice.startswith("vi"):
            raise Invalid("voice.not_vietnamese")
        self.sample_rate = int(self._voice.config.sample_rate)

    def missing(self, text: str) -> set[str]:
        table = self._voice.config.phoneme_id_map
        wanted = {each for sentence in self._voice.phonemize(text) for each in sentence if not each.isspace()}
        if self._voice.config.phoneme_type == "espeak":
            wanted |= TONE_DIGITS
        return {each for each in wanted if each not in table}

    def say(self, text: str, *, speaker: PackSpeaker, rate_percent: int) -> Wave:
        from piper import SynthesisConfig

        several = self._voice.config.num_speakers > 1
        wanted = SynthesisConfig(
            speaker_id=speaker.number if several else None,
            length_scale=self._voice.config.length_scale * 100 / rate_percent,
        )
        chunks = [chunk.audio_float_array for chunk in self._voice.synthesize(text, wanted)]
        return np.concatenate(chunks).astype(np.float32) if chunks else np.zeros(0, np.float32)
