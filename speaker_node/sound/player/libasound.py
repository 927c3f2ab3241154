"""libasound through ctypes: one playback stream, and how much of it the device still has to sound."""

import ctypes
import ctypes.util
import errno
import threading
import time
from collections.abc import Callable
from ctypes import byref, c_char_p, c_int, c_long, c_uint, c_ulong, c_void_p
from functools import cache
from typing import TypeVar

from broadcaster.protocol.reasons import ReasonCode
from speaker_node.errors import SoundFault

PLAYBACK = 0
BLOCKING = 0
S16_LE = 2
INTERLEAVED = 3
MONO = 1
SOFT_RESAMPLE = 1
BYTES_PER_FRAME = 2
WAIT_MS = 50
STALL_SECONDS = 2.0
"""A device that takes no frame for so long is taken for dead."""
OPENED_AGAIN, OPEN_PAUSE_SECONDS = 3, 0.1
"""A sound server that is asked by several at once, or a card another program has just left, refuses for a moment."""
Device = TypeVar("Device")
_HANDLER = ctypes.CFUNCTYPE(None, c_char_p, c_int, c_char_p, c_int, c_char_p)
_SILENT = _HANDLER(lambda *_: None)


@cache
def library() -> ctypes.CDLL:
    """The system's libasound. Raises SoundFault when there is none."""
    path = ctypes.util.find_library("asound")
    if path is None:
        raise SoundFault(ReasonCode.SOUND_LIBRARY_MISSING, library="libasound", package="libasound2")
    loaded = ctypes.CDLL(path)
    loaded.snd_strerror.restype = c_char_p
    loaded.snd_pcm_open.argtypes = [c_void_p, c_char_p, c_int, c_int]
    loaded.snd_pcm_set_params.argtypes = [c_void_p, c_int, c_int, c_uint, c_uint, c_int, c_uint]
    loaded.snd_pcm_writei.restype = c_long
    loaded.snd_pcm_writei.argtypes = [c_void_p, c_char_p, c_ulong]
    loaded.snd_pcm_delay.argtypes = [c_void_p, c_void_p]
    loaded.snd_pcm_avail_update.restype = c_long
    loaded.snd_pcm_avail_update.argtypes = [c_void_p]
    loaded.snd_pcm_wait.argtypes = [c_void_p, c_int]
    for name in ("drop", "close"):
        getattr(loaded, f"snd_pcm_{name}").argtypes = [c_void_p]
    loaded.snd_pcm_recover.argtypes = [c_void_p, c_int, c_int]
    loaded.snd_lib_error_set_handler(_SILENT)
    return loaded


def opened(open_it: Callable[[], Device], stop: threading.Event) -> Device:
    """The device; asked again when it only refuses for a moment. Raises SoundFault."""
    for _ in range(OPENED_AGAIN):
        try:
            return open_it()
        except SoundFault:
            stop.wait(OPEN_PAUSE_SECONDS)
    return open_it()


class Stream:
    """An open mono 16-bit playback stream.

    underruns: how often the device ran dry.
    """

    def __init__(self, device: str, rate: int, *, buffer_seconds: float) -> None:
        """Raises SoundFault when the device does not open."""
        self._library = library()
        self._pcm = c_void_p()
        self._device = device
        self.underruns = 0
        self._checked(self._library.snd_pcm_open(byref(self._pcm), device.encode(), PLAYBACK, BLOCKING))
        try:
            micro = int(buffer_seconds * 1_000_000)
            self._checked(
                self._library.snd_pcm_set_params(self._pcm, S16_LE, INTERLEAVED, MONO, rate, SOFT_RESAMPLE, micro)
            )
        except SoundFault:
            self.close()
            raise

    def write(self, block: bytes) -> None:
        """Hand over samples; waits while the buffer is full. Raises SoundFault when the device is gone or still."""
        until = time.monotonic() + STALL_SECONDS
        while block:
            if time.monotonic() > until:
                raise SoundFault(ReasonCode.DEVICE_STALLED, device=self._device)
            frames = len(block) // BYTES_PER_FRAME
            room = self._room(frames)
            done = room if room <= 0 else self._library.snd_pcm_writei(self._pcm, block, min(room, frames))
            if done < 0:
                self._recover(int(done))
            else:
                block = block[done * BYTES_PER_FRAME :]

    def delay(self) -> int | None:
        """Frames handed over that have not sounded yet; 0 once the device has stopped; None while it cannot tell."""
        frames = c_long()
        code = self._library.snd_pcm_delay(self._pcm, byref(frames))
        if code in (-errno.EPIPE, -errno.EBADFD):
            return 0
        if code == -errno.EIO:
            return None
        self._checked(code)
        return max(0, int(frames.value))

    def drop(self) -> None:
        """Silence at once."""
        self._library.snd_pcm_drop(self._pcm)

    def close(self) -> None:
        if self._pcm:
            self._library.snd_pcm_close(self._pcm)
            self._pcm = c_void_p()

    def _room(self, frames: int) -> int:
        """Frames that can be written without waiting; waits a moment first when that is fewer than these."""
        room = int(self._library.snd_pcm_avail_update(self._pcm))
        if 0 <= room < frames:
            self._library.snd_pcm_wait(self._pcm, WAIT_MS)
            room = int(self._library.snd_pcm_avail_update(self._pcm))
        return room

    def _recover(self, code: int) -> None:
        self.underruns += code == -errno.EPIPE
        self._checked(self._library.snd_pcm_recover(self._pcm, code, 1))

    def _checked(self, code: int) -> None:
        if code < 0:
            words = self._library.snd_strerror(code).decode(errors="replace")
            raise SoundFault(ReasonCode.DEVICE_FAILED, device=self._device, error=words)
