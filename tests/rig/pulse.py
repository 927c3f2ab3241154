"""A private PulseAudio without a sound card: named sinks, and recorders that know when each sample sounded.

``left`` and ``right`` are the two channels of one null sink, so two players there can be compared to the sample.
``seat-0`` … ``seat-4`` are, where they are asked for, the channels of another, ``hall``.
``alone-0``, ``alone-1`` … are null sinks of their own. Every sink has a listener all the time: a null sink nobody
listens to works in blocks of two seconds, which no sound card does.
"""

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy
from scipy.signal import fftconvolve

RATE = 48_000
FIRST_BLOCK_SECONDS = 2.2
"""Until every sink has finished the long block it began before anybody listened."""
REAL_TIME_PRIORITY = 6
SEATS = ("front-left", "front-right", "rear-left", "rear-right", "front-center")
"""Channels of ``hall``; PulseAudio must be told, or it mixes them."""
NEEDED = ("pulseaudio", "parec", "pactl")


def installed() -> bool:
    """PulseAudio, its tools and ALSA's bridge to it are on this machine."""
    bridges = list(Path("/usr/lib").glob("*/alsa-lib/libasound_module_pcm_pulse.so"))
    return bool(bridges) and all(shutil.which(name) for name in NEEDED)


class Pulse:
    """One sound server.

    environment: what a process needs to reach it, through PulseAudio or ALSA.
    """

    def __init__(self, folder: Path, *, alone: int = 2, seats: bool = False) -> None:
        """``alone`` is how many separate null sinks there are besides ``left`` and ``right``."""
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        self._folder = folder
        self._socket = folder / "socket"
        self._seats = [f"seat-{index}" for index in range(len(SEATS))] if seats else []
        self._alone = [f"alone-{index}" for index in range(alone)]
        self._sinks = ["left", "right", *self._seats, *self._alone]
        config = folder / "asound.conf"
        config.write_text(
            "</usr/share/alsa/alsa.conf>\n"
            + "".join(f'pcm.{sink} {{ type pulse; device "{sink}" }}\n' for sink in self._sinks)
            + "".join(f'pcm.ear-{sink} {{ type pulse; device "{sink}.monitor" }}\n' for sink in self._alone)
        )
        self.environment = {
            "PULSE_SERVER": f"unix:{self._socket}",
            "PULSE_RUNTIME_PATH": str(folder / "runtime"),
            "XDG_RUNTIME_DIR": str(folder),
            "HOME": str(folder),
            "ALSA_CONFIG_PATH": str(config),
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._listeners: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Run, and return once every sink is there."""
        modules = [
            f"module-native-protocol-unix auth-anonymous=1 socket={self._socket}",
            f"module-null-sink sink_name=pair rate={RATE} channels=2 format=s16le channel_map=front-left,front-right",
        ]
        modules += [_share(sink, "pair", f"front-{sink}") for sink in ("left", "right")]
        if self._seats:
            modules.append(
                f"module-null-sink sink_name=hall rate={RATE} channels={len(SEATS)} format=s16le"
                f" channel_map={','.join(SEATS)}"
            )
            modules += [_share(sink, "hall", channel) for sink, channel in zip(self._seats, SEATS, strict=True)]
        modules += [f"module-null-sink sink_name={sink} rate={RATE} channels=1 format=s16le" for sink in self._alone]
        command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"]
        command += ["--disallow-exit=no", "--no-cpu-limit=yes", "--realtime=no", "--high-priority=yes"]
        command += [word for module in modules for word in ("-L", module)]
        with (self._folder / "pulse.log").open("ab") as log:
            self._process = subprocess.Popen(command, env=self._whole_environment(), stdout=log, stderr=log)
        until = time.monotonic() + 10
        while self._sinks[-1] not in self._listed():
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"pulseaudio did not start:\n{(self._folder / 'pulse.log').read_text()}")
            time.sleep(0.05)
        for source in ("pair", *(["hall"] if self._seats else []), *self._alone):
            command = [*_listen(source, channels=1), "/dev/null"]
            self._listeners.append(subprocess.Popen(command, env=self._whole_environment()))
        time.sleep(FIRST_BLOCK_SECONDS)

    def stop(self) -> None:
        """End it."""
        for listener in self._listeners:
            listener.terminate()
            listener.wait(60)
        self._listeners.clear()
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(60)
        self._process = None

    def go_first(self) -> bool:
        """Serve before all others, as a sound server does where rtkit lets it; False where nobody may."""
        assert self._process
        try:
            for task in Path(f"/proc/{self._process.pid}/task").iterdir():
                os.sched_setscheduler(int(task.name), os.SCHED_RR, os.sched_param(REAL_TIME_PRIORITY))
        except PermissionError:
            return False
        return True

    def mute(self, sink: str, *, silent: bool) -> None:
        """A sink of its own falls dumb for whoever listens to its monitor, or sounds again; players notice nothing."""
        command = ["pactl", "set-sink-mute", sink, str(int(silent))]
        subprocess.run(command, env=self._whole_environment(), check=True)

    def recorder(self, source: str, *, channels: int = 1) -> "Recorder":
        """Listens to the monitor of ``pair`` (two channels), ``hall`` (five) or a sink of its own."""
        return Recorder(source, channels, self._whole_environment())

    def _whole_environment(self) -> dict[str, str]:
        return {**os.environ, **self.environment}

    def _listed(self) -> str:
        asked = subprocess.run(
            ["pactl", "list", "short", "sinks"], env=self._whole_environment(), capture_output=True, text=True
        )
        return asked.stdout


def _listen(source: str, *, channels: int) -> list[str]:
    command = ["parec", "-d", f"{source}.monitor", "--raw", "--format=s16le", f"--rate={RATE}"]
    if channels == len(SEATS):
        command.append(f"--channel-map={','.join(SEATS)}")
    return [*command, f"--channels={channels}", "--latency-msec=2", "--process-time-msec=1"]


def _share(sink: str, master: str, channel: str) -> str:
    """One channel of a null sink, as a sink."""
    return (
        f"module-remap-sink sink_name={sink} master={master} channels=1 channel_map=mono"
        f" master_channel_map={channel} remix=no"
    )


@dataclass(frozen=True, slots=True)
class Heard:
    """Where a reference was found in a recording.

    at_seconds: seconds since 1970 at its first sample.
    frame: index of its first sample, with a fraction.
    likeness: 1 is identical.
    times: how often it was heard.
    """

    at_seconds: float
    frame: float
    likeness: float
    times: int


class Recorder:
    """Records from ``start`` to ``stop``. A monitor hands a block over when its first sample is due, so the lower
    envelope of (arrival - index / rate) tells when sample 0 sounded."""

    def __init__(self, source: str, channels: int, environment: dict[str, str]) -> None:
        self._channels = channels
        self._process = subprocess.Popen(
            _listen(source, channels=channels), stdout=subprocess.PIPE, env=environment, bufsize=0
        )
        self._blocks: list[bytes] = []
        self._stamps: list[tuple[float, int]] = []
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        self._await_first()

    def stop(self) -> numpy.ndarray:
        """All samples, one column for each channel."""
        self._process.terminate()
        self._process.wait(60)
        self._thread.join(60)
        assert self._process.stdout
        self._process.stdout.close()
        raw = b"".join(self._blocks)
        frame = 2 * self._channels
        return numpy.frombuffer(raw[: len(raw) // frame * frame], dtype=numpy.int16).reshape(-1, self._channels) / 32768

    def epoch(self) -> float:
        """Seconds since 1970 at sample 0."""
        stamps = numpy.array(self._stamps[20:])
        return float(numpy.percentile(stamps[:, 0] - stamps[:, 1] / RATE, 0.5))

    def _await_first(self) -> None:
        until = time.monotonic() + 5
        while not self._blocks and time.monotonic() < until:
            time.sleep(0.01)
        assert self._blocks, "the recorder heard nothing, not even silence"

    def _listen(self) -> None:
        assert self._process.stdout
        handle, frames = self._process.stdout.fileno(), 0
        while block := os.read(handle, 65_536):
            self._stamps.append((time.time(), frames))
            self._blocks.append(block)
            frames += len(block) // (2 * self._channels)


def find(recording: numpy.ndarray, reference: numpy.ndarray, *, epoch: float) -> Heard:
    """Where, how well and how often ``reference`` is in one channel of a recording."""
    scores = fftconvolve(recording, reference[::-1], mode="valid")
    power = float((reference**2).sum())
    peak = int(numpy.argmax(scores))
    heard = recording[peak : peak + len(reference)]
    likeness = float(scores[peak] / (numpy.sqrt(power * float((heard**2).sum())) + 1e-12))
    frame = peak + _between(scores, peak)
    loud = scores > 0.5 * scores[peak]
    times = int((numpy.diff(numpy.flatnonzero(loud)) > RATE // 20).sum()) + 1
    return Heard(epoch + frame / RATE, frame, likeness, times)


def _between(scores: numpy.ndarray, peak: int) -> float:
    """Offset of the true maximum from the highest sample, by a parabola."""
    if not 0 < peak < len(scores) - 1:
        return 0.0
    left, middle, right = scores[peak - 1 : peak + 2]
    return float(0.5 * (left - right) / (left - 2 * middle + right))


@contextmanager
def running(folder: Path, *, alone: int = 2, seats: bool = False) -> Iterator[Pulse]:
    """A sound server for the length of a ``with`` block."""
    pulse = Pulse(folder, alone=alone, seats=seats)
    pulse.start()
    try:
        yield pulse
    finally:
        pulse.stop()
