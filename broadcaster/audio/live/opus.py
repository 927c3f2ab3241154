"""Frames of 20 ms to Opus, one at a time: libopus through ctypes."""

import ctypes
import ctypes.util
import importlib.util
from ctypes import POINTER, byref, c_char_p, c_int, c_int16, c_int32, c_void_p
from functools import cache
from pathlib import Path

from broadcaster.errors import LoaError
from broadcaster.protocol.live.packets import FRAME_SAMPLES, RATE

BITRATE_BPS = 20_000
COMPLEXITY = 5
"""Of 10: a quarter of the processor's time of 8, which is not told apart on a horn."""
_VOIP = 2048
_SET_BITRATE, _SET_COMPLEXITY, _SET_CONSTRAINED, _GET_LOOKAHEAD = 4002, 4010, 4020, 4027
_MOST_BYTES = 1275
_MOST_SAMPLES = RATE * 120 // 1000
"""Of one packet that somebody else made: 120 ms."""


class OpusMissing(LoaError):
    """The machine has no libopus."""


class OpusRefused(ValueError):
    """libopus does not take these bytes for sound."""


@cache
def library() -> ctypes.CDLL:
    """The system's libopus, else the one inside PyAV's wheel. Raises OpusMissing."""
    path = ctypes.util.find_library("opus") or _bundled()
    if path is None:
        raise OpusMissing("live.no_opus")
    loaded = ctypes.CDLL(path)
    loaded.opus_encoder_create.restype = c_void_p
    loaded.opus_encoder_create.argtypes = [c_int32, c_int, c_int, POINTER(c_int)]
    loaded.opus_encode.argtypes = [c_void_p, c_char_p, c_int, c_char_p, c_int32]
    loaded.opus_encode.restype = c_int32
    loaded.opus_encoder_destroy.argtypes = [c_void_p]
    loaded.opus_encoder_destroy.restype = None
    loaded.opus_decoder_create.restype = c_void_p
    loaded.opus_decoder_create.argtypes = [c_int32, c_int, POINTER(c_int)]
    loaded.opus_decode.argtypes = [c_void_p, c_char_p, c_int32, POINTER(c_int16), c_int, c_int]
    loaded.opus_decoder_destroy.argtypes = [c_void_p]
    loaded.opus_decoder_destroy.restype = None
    return loaded


def _bundled() -> str | None:
    spec = importlib.util.find_spec("av")
    folders = spec.submodule_search_locations if spec else None
    found = [path for folder in folders or () for path in sorted(Path(f"{folder}.libs").glob("libopus*.so*"))]
    return str(found[0]) if found else None


class OpusEncoder:
    """One stream of mono sound at ``RATE``."""

    def __init__(self, *, bitrate_bps: int = BITRATE_BPS) -> None:
        self._library, failed = library(), c_int()
        self._handle = self._library.opus_encoder_create(RATE, 1, _VOIP, byref(failed))
        if not self._handle:
            raise OpusMissing("live.no_opus")
        for request, value in ((_SET_BITRATE, bitrate_bps), (_SET_COMPLEXITY, COMPLEXITY), (_SET_CONSTRAINED, 1)):
            self._library.opus_encoder_ctl(c_void_p(self._handle), c_int(request), c_int32(value))

    @property
    def lookahead(self) -> int:
        """Samples by which the decoded sound is late."""
        samples = c_int32()
        self._library.opus_encoder_ctl(c_void_p(self._handle), c_int(_GET_LOOKAHEAD), byref(samples))
        return samples.value

    def encode(self, pcm: bytes) -> bytes:
        """One frame of ``FRAME_SAMPLES`` samples, 16 bit."""
        if len(pcm) != FRAME_SAMPLES * 2:
            raise ValueError(f"a frame has {FRAME_SAMPLES} samples of 16 bit")
        out = ctypes.create_string_buffer(_MOST_BYTES)
        size = self._library.opus_encode(self._handle, pcm, FRAME_SAMPLES, out, _MOST_BYTES)
        if size < 0:
            raise OpusRefused(f"libopus refused a frame: {size}")
        return out.raw[:size]

    def close(self) -> None:
        if self._handle:
            self._library.opus_encoder_destroy(self._handle)
            self._handle = None


class OpusDecoder:
    """One stream of mono sound at ``RATE``, from whatever made the packets."""

    def __init__(self) -> None:
        self._library, failed = library(), c_int()
        self._handle = self._library.opus_decoder_create(RATE, 1, byref(failed))
        if not self._handle:
            raise OpusMissing("live.no_opus")

    def decode(self, packet: bytes) -> bytes:
        """The samples of a packet, 16 bit. Raises OpusRefused."""
        out = (c_int16 * _MOST_SAMPLES)()
        samples = self._library.opus_decode(self._handle, packet, len(packet), out, _MOST_SAMPLES, 0)
        if samples < 0:
            raise OpusRefused(f"libopus refused a packet: {samples}")
        return bytes(memoryview(out).cast("B")[: samples * 2])

    def close(self) -> None:
        if self._handle:
            self._library.opus_decoder_destroy(self._handle)
            self._handle = None
