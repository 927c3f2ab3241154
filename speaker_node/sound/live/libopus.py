"""libopus through ctypes: one decoder, which also makes up what is missing."""

import ctypes
import ctypes.util
import importlib.util
from ctypes import POINTER, byref, c_char_p, c_int, c_int16, c_int32, c_void_p
from functools import cache
from pathlib import Path

from broadcaster.protocol.live.packets import FRAME_SAMPLES, RATE
from broadcaster.protocol.reasons import ReasonCode
from speaker_node.errors import SoundFault

SILENCE = bytes(FRAME_SAMPLES * 2)


@cache
def library() -> ctypes.CDLL:
    """The system's libopus, which Debian's libsndfile needs too. Raises SoundFault when there is none."""
    path = ctypes.util.find_library("opus") or _bundled()
    if path is None:
        raise SoundFault(ReasonCode.SOUND_LIBRARY_MISSING, library="libopus", package="libopus0")
    loaded = ctypes.CDLL(path)
    loaded.opus_decoder_create.restype = c_void_p
    loaded.opus_decoder_create.argtypes = [c_int32, c_int, POINTER(c_int)]
    loaded.opus_decode.argtypes = [c_void_p, c_char_p, c_int32, POINTER(c_int16), c_int, c_int]
    loaded.opus_decoder_destroy.argtypes = [c_void_p]
    loaded.opus_decoder_destroy.restype = None
    return loaded


def _bundled() -> str | None:
    """The one inside a wheel that may stand beside the node on a machine without Debian's packages; not imported."""
    spec = importlib.util.find_spec("av")
    folders = spec.submodule_search_locations if spec else None
    found = [path for folder in folders or () for path in sorted(Path(f"{folder}.libs").glob("libopus*.so*"))]
    return str(found[0]) if found else None


class FrameDecoder:
    """One stream of mono frames of 20 ms."""

    def __init__(self) -> None:
        """Raises SoundFault when the machine lacks the library."""
        self._library, failed = library(), c_int()
        self._handle = self._library.opus_decoder_create(RATE, 1, byref(failed))
        self._out = (c_int16 * FRAME_SAMPLES)()

    def decode(self, frame: bytes) -> bytes | None:
        """The samples of a frame; None when it is no frame of 20 ms."""
        return self._decoded(frame, len(frame))

    def conceal(self) -> bytes:
        """A frame that goes on from what sounded last."""
        return self._decoded(None, 0) or SILENCE

    def close(self) -> None:
        if self._handle:
            self._library.opus_decoder_destroy(self._handle)
            self._handle = None

    def _decoded(self, frame: bytes | None, length: int) -> bytes | None:
        samples = self._library.opus_decode(self._handle, frame, length, self._out, FRAME_SAMPLES, 0)
        return bytes(self._out) if samples == FRAME_SAMPLES else None
