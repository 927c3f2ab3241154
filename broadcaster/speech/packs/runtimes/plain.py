"""A model that is one graph from symbols to sound, such as an exported VITS.  Roles ``model`` and ``symbols``.

``symbols`` is a JSON object from symbol to number. ``options`` says how the graph is asked:

    text      letters (composed, lower case), marks (decomposed, lower case) or espeak (phonemes of ``espeak_voice``)
    between   a number laid between all symbols; begin, end: numbers before and behind them
    inputs    names of the graph's inputs: tokens (needed), lengths, speed, speaker
    output    name of the output with the samples; the first where nothing is said
    speed     seconds (a larger number is slower, the default) or rate (a larger number is faster)
"""

import json
from typing import Any, Literal
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray

from broadcaster.errors import Invalid
from broadcaster.speech.packs.manifest import PackSpeaker
from broadcaster.speech.packs.runtimes.graphs import Graph
from broadcaster.speech.packs.runtimes.phonemes import lacking, phonemes
from broadcaster.speech.packs.runtimes.port import Wave
from broadcaster.speech.packs.shelf import InstalledPack
from broadcaster.speech.tempo import at_tempo

_FORMS: dict[str, Literal["NFC", "NFD"]] = {"letters": "NFC", "marks": "NFD"}
_WHOLE = {"tensor(int64)": np.int64, "tensor(int32)": np.int32}


class PlainRuntime:
    """Speed is the model's own where it has an input for it; otherwise the sound is stretched."""

    def __init__(self, pack: InstalledPack) -> None:
        self._graph = Graph(pack.path("model"))
        self._symbols: dict[str, int] = json.loads(pack.path("symbols").read_text(encoding="utf-8"))
        options = pack.manifest.options
        self._inputs: dict[str, str] = dict(options.get("inputs", {"tokens": "input"}))
        self._output = options.get("output")
        self._text, self._voice = str(options.get("text", "letters")), str(options.get("espeak_voice", "vi"))
        self._between, self._begin, self._end = (options.get(name) for name in ("between", "begin", "end"))
        self._slower_is_more = options.get("speed", "seconds") == "seconds"
        self.sample_rate = pack.manifest.sample_rate
        if self._text not in (*_FORMS, "espeak"):
            raise Invalid("pack.option_invalid", option="text")
        for name in self._inputs.values():
            if name not in self._graph.inputs:
                raise Invalid("pack.option_invalid", option=f"inputs: {name}")

    def missing(self, text: str) -> set[str]:
        if self._text == "espeak":
            return lacking(text, self._symbols, voice=self._voice)
        return {each for each in self._cut(text) if each.isalpha() or not each.isascii()} - self._symbols.keys()

    def say(self, text: str, *, speaker: PackSpeaker, rate_percent: int) -> Wave:
        numbers = self._numbers(text)
        values: dict[str, NDArray[Any]] = {self._inputs["tokens"]: self._whole("tokens", [numbers])}
        if "lengths" in self._inputs:
            values[self._inputs["lengths"]] = self._whole("lengths", [len(numbers)])
        if "speaker" in self._inputs:
            values[self._inputs["speaker"]] = self._whole("speaker", [speaker.number])
        if "speed" in self._inputs:
            factor = 100 / rate_percent if self._slower_is_more else rate_percent / 100
            values[self._inputs["speed"]] = np.array([factor], np.float32)
        wave: Wave = self._graph.run(values, output=self._output).reshape(-1).astype(np.float32)
        return wave if "speed" in self._inputs else _stretched(wave, self.sample_rate, rate_percent)

    def _cut(self, text: str) -> list[str]:
        if self._text == "espeak":
            return phonemes(text, voice=self._voice)
        return list(normalize(_FORMS[self._text], text.lower()))

    def _numbers(self, text: str) -> list[int]:
        known = [int(self._symbols[each]) for each in self._cut(text) if each in self._symbols]
        if self._between is not None:
            laid = [int(self._between)] * (2 * len(known) + 1)
            laid[1::2] = known
            known = laid
        begin, end = ([int(each)] if each is not None else [] for each in (self._begin, self._end))
        return [*begin, *known, *end]

    def _whole(self, name: str, values: Any) -> NDArray[Any]:
        """Integers of the kind this input wants."""
        kind = self._graph.inputs[self._inputs[name]].type
        return np.array(values, _WHOLE.get(kind, np.int64))


def _stretched(wave: Wave, sample_rate: int, rate_percent: int) -> Wave:
    pcm = np.clip(np.rint(wave * 32767), -32768, 32767).astype(np.int16)
    return at_tempo(pcm, sample_rate=sample_rate, percent=rate_percent).astype(np.float32) / np.float32(32767)
