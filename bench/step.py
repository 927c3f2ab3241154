"""How well nodes keep step: ``python -m bench.step [--trials 20]``.

Real Mosquitto and real node processes. The sinks are the channels of one PulseAudio null sink, so skew is sample-exact:
it is found by correlating the recording of each channel with the clip. Baselines in the same run: ``aplay`` started by
``sleep``, and snapserver with two snapclients where they are installed (Snapcast has no plan to be late for: it sounds
a second after it was fed).
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy
import soundfile

from bench.rig import snapcast
from bench.rig.load import busy_cores
from broadcaster.protocol.values import DeliveryState
from tests.rig import mosquitto, pulse
from tests.rig.clips import RATE, TestClip, noise_clip
from tests.rig.node_process import NodeProcess
from tests.rig.station import TestStation, item, soon

PLAYED = DeliveryState.PLAYED
WHOLE = 0.85
"""Correlation of every piece of the clip from which a play counts as whole: Opus costs ours 0.04."""
PIECE = RATE // 10
"""Frames looked for at a time: Snapcast plays up to 0.05 % fast, and a longer piece would not be found in that."""
NODES = [f"loa-{number}" for number in range(1, len(pulse.SEATS) + 1)]
ALARM = "import subprocess,sys,time; time.sleep(float(sys.argv[1])-time.time()); subprocess.run(sys.argv[2:])"


@dataclass(frozen=True, slots=True)
class Trial:
    """skew_ms: the last player after the first; errors_ms: each after the plan; likeness: the worst piece."""

    skew_ms: float
    errors_ms: tuple[float, ...]
    likeness: float


def row(what: str, value: str, *, target: str = "", baseline: str = "") -> None:
    print(f"{what:<54} {value:>24} {target:>10}   {baseline}", flush=True)


def heard(recorder: pulse.Recorder, clip: TestClip, planned: float, *, seats: int) -> Trial:
    """What a recording of the hall says about a play on its first so many seats."""
    recording = recorder.stop()
    found = [
        [
            pulse.find(recording[:, seat], clip.samples[begin : begin + PIECE], epoch=recorder.epoch())
            for begin in range(0, len(clip.samples), PIECE)
        ]
        for seat in range(seats)
    ]
    frames = [pieces[0].frame for pieces in found]
    errors = tuple((pieces[0].at_seconds - planned) * 1000 for pieces in found)
    likeness = min(each.likeness for pieces in found for each in pieces)
    return Trial((max(frames) - min(frames)) * 1000 / RATE, errors, likeness)


def node_trial(station: TestStation, sound: pulse.Pulse, clip: TestClip, *, nodes: int) -> Trial:
    """One broadcast on so many nodes."""
    recorder = sound.recorder("hall", channels=len(pulse.SEATS))
    broadcast = item(clip, start_at=soon(2.5))
    for name in NODES[:nodes]:
        station.publish_agenda(station.agenda(name, broadcast, clips=[clip]))
    if not station.wait(lambda: station.states(broadcast.broadcast).count(PLAYED) == nodes):
        print(f"not every node said that it played: {station.states(broadcast.broadcast)}", file=sys.stderr)
    return heard(recorder, clip, broadcast.start_at.timestamp(), seats=nodes)


def aplay_trial(sound: pulse.Pulse, clip: TestClip, wav: Path, *, players: int) -> Trial:
    """So many ``aplay``, each started by its own ``sleep``."""
    recorder = sound.recorder("hall", channels=len(pulse.SEATS))
    planned = time.time() + 1.5
    environment = {**os.environ, **sound.environment}
    running = []
    for seat in range(players):
        command = [sys.executable, "-c", ALARM, repr(planned), "aplay", "-q", "-D", f"seat-{seat}", str(wav)]
        running.append(subprocess.Popen(command, env=environment))
    for player in running:
        player.wait()
    time.sleep(0.2)
    return heard(recorder, clip, planned, seats=players)


def snapcast_trial(sound: pulse.Pulse, server: snapcast.Server, clip: TestClip) -> Trial:
    """Two clients of one server."""
    recorder = sound.recorder("hall", channels=len(pulse.SEATS))
    time.sleep(0.5)
    fed_at = server.feed(clip)
    time.sleep(snapcast.BUFFER_SECONDS + len(clip.samples) / RATE + 0.7)
    return heard(recorder, clip, fed_at + snapcast.BUFFER_SECONDS, seats=2)


def figures(values: Sequence[float]) -> str:
    """Median, p95 and maximum."""
    return "{:.2f} / {:.2f} / {:.2f} ms".format(*numpy.percentile(numpy.abs(values), (50, 95, 100)))


def skew(trials: Sequence[Trial]) -> str:
    return figures([trial.skew_ms for trial in trials])


def error(trials: Sequence[Trial]) -> str:
    return figures([error for trial in trials for error in trial.errors_ms])


@dataclass(frozen=True, slots=True)
class Hall:
    """station, sound: what runs; clip: what is played; wav: the same for aplay; trials: how often each."""

    station: TestStation
    sound: pulse.Pulse
    clip: TestClip
    wav: Path
    trials: int

    def compare(self, *, nodes: int, busy: bool) -> None:
        """Ours and aplay in turns, so that the machine's load meets both alike."""
        ours, naive = [], []
        with busy_cores() if busy else nullcontext():
            for _ in range(self.trials):
                ours.append(node_trial(self.station, self.sound, self.clip, nodes=nodes))
                naive.append(aplay_trial(self.sound, self.clip, self.wav, players=nodes))
        load = "cores busy" if busy else "cores idle"
        row(
            f"start skew of {nodes} nodes, {load} (med/p95/max)",
            skew(ours),
            target="p95 <= 5",
            baseline=f"aplay {skew(naive)}",
        )
        row(
            f"error against the plan, {nodes} nodes, {load}",
            error(ours),
            target="p95 <= 10",
            baseline=f"aplay {error(naive)}",
        )
        whole = sum(trial.likeness > WHOLE for trial in ours)
        row("trials with every piece heard", f"{whole} of {len(ours)}")

    def compare_snapcast(self, folder: Path) -> None:
        """Two of our nodes beside two snapclients, in turns."""
        if not snapcast.installed():
            row("beside Snapcast", "left out: needs snapserver and snapclient")
            return
        ours, theirs = [], []
        with snapcast.Server(folder, self.sound, sinks=["seat-0", "seat-1"]) as server:
            for _ in range(self.trials):
                theirs.append(snapcast_trial(self.sound, server, self.clip))
                ours.append(node_trial(self.station, self.sound, self.clip, nodes=2))
        row(
            "start skew of 2 nodes, in turns with Snapcast",
            skew(ours),
            target="p95 <= 5",
            baseline=f"Snapcast {skew(theirs)}",
        )
        whole = sum(trial.likeness > WHOLE for trial in theirs)
        row(
            "trials with every piece heard",
            f"{sum(t.likeness > WHOLE for t in ours)} of {len(ours)}",
            baseline=f"Snapcast {whole} of {len(theirs)}",
        )


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.step")
    parser.add_argument("--trials", type=int, default=12)
    options = parser.parse_args(argv)
    if not (mosquitto.installed() and pulse.installed()):
        print("needs mosquitto, pulseaudio and ALSA's bridge to it")
        return 1
    row("what", "nodes", target="target", baseline="baseline, same run")
    with tempfile.TemporaryDirectory(prefix="loa-bench-") as folder:
        place = Path(folder)
        with (
            mosquitto.running(place / "broker") as broker,
            pulse.running(place / "pulse", seats=True) as sound,
            TestStation(broker.port) as station,
        ):
            measure(Hall(station, sound, noise_clip(1.0), place / "clip.wav", options.trials), place)
    return 0


def measure(hall: Hall, place: Path) -> None:
    """Start five nodes; every comparison."""
    soundfile.write(hall.wav, hall.clip.samples, RATE, subtype="PCM_16")
    hall.station.publish_clip(hall.clip)
    nodes = []
    for seat, name in enumerate(NODES):
        device = f"alsa:seat-{seat}"
        node = NodeProcess(
            place / name, hall.station.bundle(name), "--sound", device, environment=hall.sound.environment
        )
        node.start()
        nodes.append(node)
    hall.sound.go_first()
    try:
        for busy in (False, True):
            for count in (2, len(NODES)):
                hall.compare(nodes=count, busy=busy)
        hall.compare_snapcast(place / "snapcast")
    finally:
        for node in nodes:
            node.stop()


if __name__ == "__main__":
    sys.exit(main())
