"""A microphone through libasound: 16-bit mono samples, and when they sounded."""

import ctypes
import errno
import threading
import time
from collections.abc import Generator
from ctypes import byref, c_char_p, c_long, c_ulong, c_void_p

from broadcaster.protocol.reasons import TroubleCode
from speaker_node.errors import SoundFault
from speaker_node.sound.player.libasound import (
    BLOCKING,
    BYTES_PER_FRAME,
    INTERLEAVED,
    MONO,
    S16_LE,
    SOFT_RESAMPLE,
    library,
    opened,
)

CAPTURE = 1
RATE = 8000
BLOCK_FRAMES = RATE // 10
BUFFER_MICROSECONDS = 500_000
WAIT_MS = 100
STALL_SECONDS = 2.0


class AlsaMicrophone:
    """The ALSA capture device of this name."""

    def __init__(self, device: str) -> None:
        self._device = device

    def listen(self, stop: threading.Event) -> Generator[tuple[bytes, float], None, None]:
        """Blocks of samples at ``RATE``, each with the monotonic second of its last one, until ``stop``.

        Raises SoundFault when the device does not open or hands over nothing.
        """
        pcm = opened(self._open, stop)
        try:
            until = time.monotonic() + STALL_SECONDS
            while not stop.is_set():
                block = self._read(pcm)
                if block:
                    until = time.monotonic() + STALL_SECONDS
                    yield block, time.monotonic()
                elif time.monotonic() > until:
                    raise SoundFault(TroubleCode.MICROPHONE_SILENT, device=self._device)
        finally:
            library().snd_pcm_close(pcm)

    def _open(self) -> c_void_p:
        pcm, alsa = c_void_p(), _library()
        self._checked(alsa.snd_pcm_open(byref(pcm), self._device.encode(), CAPTURE, BLOCKING))
        try:
            self._checked(
                alsa.snd_pcm_set_params(pcm, S16_LE, INTERLEAVED, MONO, RATE, SOFT_RESAMPLE, BUFFER_MICROSECONDS)
            )
            self._checked(alsa.snd_pcm_start(pcm))
        except SoundFault:
            alsa.snd_pcm_close(pcm)
            raise
        return pcm

    def _read(self, pcm: c_void_p) -> bytes:
        """What there is, at most a block; empty when nothing came for a moment."""
        alsa = _library()
        room = int(alsa.snd_pcm_avail_update(pcm))
        if room == 0:
            alsa.snd_pcm_wait(pcm, WAIT_MS)
            room = int(alsa.snd_pcm_avail_update(pcm))
        if room > 0:
            frames = min(room, BLOCK_FRAMES)
            block = ctypes.create_string_buffer(frames * BYTES_PER_FRAME)
            room = int(alsa.snd_pcm_readi(pcm, block, frames))
            if room > 0:
                return block.raw[: room * BYTES_PER_FRAME]
        if room == -errno.EPIPE:
            self._checked(alsa.snd_pcm_recover(pcm, room, 1))
            room = int(alsa.snd_pcm_start(pcm))
        self._checked(room)
        return b""

    def _checked(self, code: int) -> None:
        if code < 0:
            words = _library().snd_strerror(code).decode(errors="replace")
            raise SoundFault(TroubleCode.MICROPHONE_FAILED, device=self._device, error=words)


def _library() -> ctypes.CDLL:
    """libasound with what only a microphone needs. Raises SoundFault when there is none."""
    alsa = library()
    alsa.snd_pcm_readi.restype = c_long
    alsa.snd_pcm_readi.argtypes = [c_void_p, c_char_p, c_ulong]
    alsa.snd_pcm_start.argtypes = [c_void_p]
    return alsa
