"""What one pole costs and how well poles keep step: ``python -m bench.node [--trials 20]``.

Real Mosquitto, PulseAudio null sinks, the node as its own process. Baselines in the same run: a bare Python process
with nothing but paho connected (memory, idle CPU), and two ``aplay`` started by ``sleep`` (step). Skew is sample-exact:
the two sinks are the channels of one null sink.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy
import soundfile

from broadcaster.protocol.values import DeliveryState
from tests.rig import mosquitto, pulse
from tests.rig.clips import RATE, TestClip, noise_clip
from tests.rig.node_process import NodeProcess
from tests.rig.station import TestStation, item, soon

IDLE_SECONDS = 20
TICKS = os.sysconf("SC_CLK_TCK")
BARE = """
import sys, time
import paho.mqtt.client as mqtt
client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
client.connect("127.0.0.1", int(sys.argv[1]))
client.loop_start()
time.sleep(3600)
"""
PLAYED = DeliveryState.PLAYED


@dataclass(frozen=True, slots=True)
class Trial:
    """skew_ms: right after left; error_ms: each after the planned instant; likeness: the worse of the two."""

    skew_ms: float
    error_ms: tuple[float, float]
    likeness: float


def memory_mb(pid: int, *, peak: bool = False) -> float:
    """Resident memory of a process, megabytes."""
    wanted = "VmHWM" if peak else "VmRSS"
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(wanted)).split()[1]) / 1024


def cpu_seconds(pid: int) -> float:
    """Processor time a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def idle_percent(pid: int) -> float:
    """Share of one core a process takes while nothing happens."""
    before = cpu_seconds(pid)
    time.sleep(IDLE_SECONDS)
    return 100 * (cpu_seconds(pid) - before) / IDLE_SECONDS


def row(what: str, value: str, *, target: str = "", baseline: str = "") -> None:
    print(f"{what:<52} {value:>26} {target:>12} {baseline:>34}", flush=True)


def measure_body(station: TestStation, broker: mosquitto.Mosquitto, node: NodeProcess) -> None:
    """Memory after a 45 s clip, idle processor time."""
    clip = noise_clip(45)
    station.publish_clip(clip)
    broadcast = item(clip, start_at=soon(4))
    station.publish_agenda(station.agenda("loa-1", broadcast, clips=[clip]))
    assert station.wait(lambda: PLAYED in station.states(broadcast.broadcast), timeout_seconds=90)
    bare = subprocess.Popen([sys.executable, "-c", BARE, str(broker.port)])
    try:
        time.sleep(3)
        rest, rest_bare = idle_percent(node.pid), idle_percent(bare.pid)
        bare_mb = memory_mb(bare.pid)
    finally:
        bare.kill()
        bare.wait()
    peak = memory_mb(node.pid, peak=True)
    row(
        "memory at its highest, 45 s clip played",
        f"{peak:.1f} MB",
        target="<= 45",
        baseline=f"bare paho {bare_mb:.1f} MB",
    )
    row("idle processor time", f"{rest:.2f} %", target="<= 1", baseline=f"bare paho {rest_bare:.2f} %")


def heard(recorder: pulse.Recorder, clip: TestClip, planned: float) -> Trial:
    """What a recording of both channels says about a play."""
    recording = recorder.stop()
    left, right = (pulse.find(recording[:, side], clip.samples, epoch=recorder.epoch()) for side in (0, 1))
    errors = ((left.at_seconds - planned) * 1000, (right.at_seconds - planned) * 1000)
    return Trial((right.frame - left.frame) * 1000 / RATE, errors, min(left.likeness, right.likeness))


def node_trial(station: TestStation, sound: pulse.Pulse, clip: TestClip) -> Trial:
    """One broadcast on two nodes."""
    recorder = sound.recorder("pair", channels=2)
    broadcast = item(clip, start_at=soon(2.5))
    for name in ("loa-1", "loa-2"):
        station.publish_agenda(station.agenda(name, broadcast, clips=[clip]))
    assert station.wait(lambda: station.states(broadcast.broadcast).count(PLAYED) == 2)
    return heard(recorder, clip, broadcast.start_at.timestamp())


def aplay_trial(sound: pulse.Pulse, clip: TestClip, wav: Path) -> Trial:
    """Two ``aplay``, each started by its own ``sleep``."""
    recorder = sound.recorder("pair", channels=2)
    planned = time.time() + 1.5
    script = "import subprocess,sys,time; time.sleep(float(sys.argv[1])-time.time()); subprocess.run(sys.argv[2:])"
    players = [
        subprocess.Popen(
            [sys.executable, "-c", script, repr(planned), "aplay", "-q", "-D", side, str(wav)],
            env={**os.environ, **sound.environment},
        )
        for side in ("left", "right")
    ]
    for player in players:
        player.wait()
    time.sleep(0.2)
    return heard(recorder, clip, planned)


def figures(trials: Sequence[Trial]) -> tuple[str, str]:
    """Median, p95 and maximum of skew; of the error against the plan."""
    skews = numpy.abs([trial.skew_ms for trial in trials])
    errors = numpy.abs([error for trial in trials for error in trial.error_ms])
    return tuple("{:.2f} / {:.2f} / {:.2f} ms".format(*numpy.percentile(v, (50, 95, 100))) for v in (skews, errors))  # type: ignore[return-value]


def measure_step(station: TestStation, sound: pulse.Pulse, wav: Path, *, trials: int, busy: bool) -> None:
    """Interleaved, so that the machine's load meets both alike."""
    clip = noise_clip(1.0)
    soundfile.write(wav, clip.samples, RATE, subtype="PCM_16")
    station.publish_clip(clip)
    burners = (
        [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(os.cpu_count() or 1)]
        if busy
        else []
    )
    ours, naive = [], []
    try:
        for _ in range(trials):
            ours.append(node_trial(station, sound, clip))
            naive.append(aplay_trial(sound, clip, wav))
    finally:
        for burner in burners:
            burner.kill()
            burner.wait()
    (skew, error), (naive_skew, naive_error) = figures(ours), figures(naive)
    load = "cores busy" if busy else "cores idle"
    row(f"start skew of two nodes, {load} (med/p95/max)", skew, target="p95 <= 5", baseline=f"aplay {naive_skew}")
    row(f"error against the plan, {load} (med/p95/max)", error, target="p95 <= 10", baseline=f"aplay {naive_error}")
    whole = sum(trial.likeness > 0.9 for trial in ours)
    row("plays heard whole by correlation", f"{whole} of {len(ours)}")


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.node")
    parser.add_argument("--trials", type=int, default=12)
    options = parser.parse_args(argv)
    if not (mosquitto.installed() and pulse.installed()):
        print("needs mosquitto, pulseaudio and ALSA's bridge to it")
        return 1
    row("what", "node", target="target", baseline="baseline, same run")
    with tempfile.TemporaryDirectory(prefix="loa-bench-") as folder:
        place = Path(folder)
        with (
            mosquitto.running(place / "broker") as broker,
            pulse.running(place / "pulse") as sound,
            TestStation(broker.port) as station,
        ):
            nodes = [
                NodeProcess(
                    place / name, station.bundle(name), "--sound", f"alsa:{side}", environment=sound.environment
                )
                for name, side in (("loa-1", "left"), ("loa-2", "right"))
            ]
            for node in nodes:
                node.start()
            try:
                for busy in (False, True):
                    measure_step(station, sound, place / "clip.wav", trials=options.trials, busy=busy)
                measure_body(station, broker, nodes[0])
            finally:
                for node in nodes:
                    node.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
