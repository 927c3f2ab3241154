"""The same Piper graphs through ``sherpa-onnx``, as its own project publishes them: roles ``model`` and ``tokens``.

From version 2 on the library makes no phonemes itself: they come from the package ``piper-tts``; a model that brings a
``lexicon`` needs none. sherpa-onnx ends the whole process when a file is not what it expects: hence a pack is tried in
a process of its own before it is taken in.
"""

from pathlib import Path

import numpy as np

from broadcaster.errors import Invalid
from broadcaster.speech.packs.manifest import PackSpeaker
from broadcaster.speech.packs.runtimes.phonemes import lacking, phonemes
from broadcaster.speech.packs.runtimes.port import Wave
from broadcaster.speech.packs.shelf import InstalledPack


class SherpaRuntime:
    """Speed is the model's own; pauses follow its punctuation."""

    def __init__(self, pack: InstalledPack) -> None:
        import sherpa_onnx

        roles = {each.role for each in pack.manifest.files}
        self._lexicon = _lexicon(pack.path("lexicon")) if "lexicon" in roles else None
        self._tokens = _tokens(pack.path("tokens"))
        self._espeak_voice = str(pack.manifest.options.get("espeak_voice", "vi"))
        vits = sherpa_onnx.OfflineTtsVitsModelConfig(
            model=str(pack.path("model")),
            tokens=str(pack.path("tokens")),
            lexicon=str(pack.path("lexicon")) if self._lexicon is not None else "",
        )
        model = sherpa_onnx.OfflineTtsModelConfig(vits=vits, num_threads=2, provider="cpu")
        config = sherpa_onnx.OfflineTtsConfig(model=model, max_num_sentences=1)
        if not config.validate():
            raise Invalid("pack.not_loaded", pack=pack.manifest.id)
        self._tts = sherpa_onnx.OfflineTts(config)
        self.sample_rate = int(self._tts.sample_rate)

    def missing(self, text: str) -> set[str]:
        if self._lexicon is not None:
            return {word for word in text.lower().split() if word.strip(".,;:!?") not in self._lexicon}
        return lacking(text, self._tokens, voice=self._espeak_voice)

    def say(self, text: str, *, speaker: PackSpeaker, rate_percent: int) -> Wave:
        import sherpa_onnx

        wanted = sherpa_onnx.GenerationConfig()
        wanted.sid, wanted.speed = speaker.number, rate_percent / 100
        if self._lexicon is None:
            known = [each for each in phonemes(text, voice=self._espeak_voice) if each in self._tokens]
            wanted.phoneme_codepoints = [[ord(each) for each in known]]
        made = self._tts.generate(text, wanted)
        return np.asarray(made.samples, dtype=np.float32)


def _tokens(path: Path) -> set[str]:
    """First column of ``tokens.txt``; a line that begins with a space stands for the space itself."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return {" " if line.startswith(" ") else line.rsplit(" ", 1)[0] for line in lines if line.strip()}


def _lexicon(path: Path) -> set[str]:
    with path.open(encoding="utf-8") as lines:
        return {line.split(maxsplit=1)[0].lower() for line in lines if line.strip()}
