"""From a pack to a model that speaks."""

from importlib.util import find_spec

from broadcaster.refusals.reasons import Reason
from broadcaster.speech.packs.runtimes.port import PackRuntime
from broadcaster.speech.packs.shelf import InstalledPack

NEEDS = {
    "piper": ("piper", "piper"),
    "sherpa": ("sherpa_onnx", "voices"),
    "supertonic": ("onnxruntime", "voices"),
    "onnx": ("onnxruntime", "voices"),
}
"""Kind of pack: the package that runs it, and the extra of this program that brings it."""


def lacking_library(engine: str) -> Reason | None:
    """None when packs of this kind can run here, else what to install."""
    package, extra = NEEDS[engine]
    return Reason("pack.library_missing", extra=extra) if find_spec(package) is None else None


def load(pack: InstalledPack) -> PackRuntime:
    """May raise Invalid, or whatever the library raises for a file that is not what it should be."""
    match pack.manifest.engine:
        case "piper":
            from broadcaster.speech.packs.runtimes.piper import PiperRuntime

            return PiperRuntime(pack)
        case "sherpa":
            from broadcaster.speech.packs.runtimes.sherpa import SherpaRuntime

            return SherpaRuntime(pack)
        case "supertonic":
            from broadcaster.speech.packs.runtimes.supertonic import SupertonicRuntime

            return SupertonicRuntime(pack)
        case _:
            from broadcaster.speech.packs.runtimes.plain import PlainRuntime

            return PlainRuntime(pack)
