"""Icecast and ffplay as a baseline: MP3 sent at the pace at which it is spoken, and a player for each sink, with the
settings they have by themselves.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tests.doubles.recorders import Recorder
from tests.integration.relays.icecast import connected, icecast
from tests.rig.pulse import Pulse

MP3 = Recorder("mp3", "libmp3lame", rate=48_000, bit_rate=64_000)
BYTES_A_SECOND = 8_000
STEPS_A_SECOND = 10
SETTLE_SECONDS = 8
"""Of silence, in which the players connect and begin."""
AFTER_SECONDS = 12
"""Of silence, in which the last word is still on its way."""
MOUNT = "/truc-tiep.mp3"


def installed() -> bool:
    return all(shutil.which(name) for name in ("icecast2", "ffplay"))


def played(folder: Path, sound: Pulse, voice: np.ndarray, *, sinks: Sequence[str]) -> float:
    """Let the voice (48,000 samples a second) sound on these sinks; the second since 1970 at which its mouth began."""
    folder.mkdir()
    silence = (np.zeros(MP3.rate * SETTLE_SECONDS), np.zeros(MP3.rate * AFTER_SECONDS))
    stream = MP3.record(np.concatenate([silence[0], voice, silence[1]]).astype(np.float32)[None, :])
    with icecast(folder) as port, connected(port, MOUNT) as source:
        begun, players = time.time(), []
        try:
            for number, start in enumerate(range(0, len(stream), BYTES_A_SECOND // STEPS_A_SECOND)):
                time.sleep(max(0.0, begun + (number + 1) / STEPS_A_SECOND - time.time()))
                source.sendall(stream[start : start + BYTES_A_SECOND // STEPS_A_SECOND])
                if number == STEPS_A_SECOND:  # a mount without a second of sound has nothing to give
                    players = [_player(f"http://127.0.0.1:{port}{MOUNT}", sound, sink) for sink in sinks]
        finally:
            for player in players:
                player.kill()
                player.wait(10)
    return begun + SETTLE_SECONDS


def _player(address: str, sound: Pulse, sink: str) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, **sound.environment, "PULSE_SINK": sink, "SDL_AUDIODRIVER": "pulseaudio"}
    quiet = subprocess.DEVNULL
    return subprocess.Popen(["ffplay", "-nodisp", "-loglevel", "error", address], env=environment, stdin=quiet)
