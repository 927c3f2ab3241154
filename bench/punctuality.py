"""|heard - planned| of scheduled starts, idle and with every core busy: ``python -m bench.punctuality [--plays 200]``.

A node (the node as its own process, by its signed agenda), Liquidsoap from Debian and ``aplay`` started by a sleeping
script play the same clip on three null sinks of one PulseAudio, in turn, so that all meet the same moments. Each start
is found in a recording to the sample. A fixed delay could be tuned away, so the spread around each one's own median
stands beside it.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path

import numpy
import soundfile

from bench.rig.load import busy_cores
from tests.rig import mosquitto, pulse
from tests.rig.clips import RATE, TestClip, noise_clip
from tests.rig.node_process import NodeProcess
from tests.rig.station import TestStation, item

NODE = "loa-1"
APART_SECONDS = 2.1
"""From one start of a player to its next; the others start between."""
BATCH = 12
IDLE_PLAYS = 24
READY_SECONDS = 8.0
"""Before the first start of a batch: Liquidsoap reads its script, the node its agenda."""
SEARCHED_SECONDS = 1.2
"""A start is looked for this long before and after its time."""
LEAST_LIKENESS = 0.85
"""Below it the recording itself has a hole there: it says nothing about time."""
MEASURING_NICENESS = -5
"""Of whoever listens, where that is allowed: the load is meant for those who are measured."""

Begin = Callable[[Sequence[float]], ExitStack]
"""Have these starts (seconds since 1970) played; closing the stack ends whatever plays them."""


def virtual_node(station: TestStation, clip: TestClip) -> Begin:
    """One agenda for a batch, as the station would publish it."""

    def begin(starts: Sequence[float]) -> ExitStack:
        items = [item(clip, start_at=datetime.fromtimestamp(at, UTC)) for at in starts]
        station.publish_agenda(station.agenda(NODE, *items, clips=[clip]))
        return ExitStack()

    return begin


def liquidsoap(sound: pulse.Pulse, sink: str, wav: Path) -> Begin:
    """A radio that is silent but for these times, as its manual has it done: a switch by the time."""

    def begin(starts: Sequence[float]) -> ExitStack:
        made = [f's{number} = once(single("{wav}"))' for number in range(len(starts))]
        times = [f"({{time() >= {at:.3f} and time() < {at + 1.5:.3f}}}, s{n})" for n, at in enumerate(starts)]
        lines = [
            'set("init.allow_root", true)',
            f'set("frame.audio.samplerate", {RATE})',
            'set("frame.audio.channels", 1)',
            *made,
            f"radio = switch(track_sensitive=false, [{', '.join(times)}, ({{true}}, blank())])",
            f'output.pulseaudio(device="{sink}", fallible=true, radio)',
        ]
        script = wav.with_name("radio.liq")
        script.write_text("\n".join(lines) + "\n")
        return _ended(["liquidsoap", str(script)], sound.environment)

    return begin


def aplay(sound: pulse.Pulse, sink: str, wav: Path) -> Begin:
    """A script that sleeps until each time and starts ``aplay``."""
    script = (
        "import subprocess, sys, time\n"
        "for at in sys.argv[3:]:\n"
        "    time.sleep(max(0.0, float(at) - time.time()))\n"
        "    subprocess.run(['aplay', '-q', '-D', sys.argv[1], sys.argv[2]])\n"
    )

    def begin(starts: Sequence[float]) -> ExitStack:
        return _ended([sys.executable, "-c", script, sink, str(wav), *map(repr, starts)], sound.environment)

    return begin


def batch(sound: pulse.Pulse, clip: TestClip, players: dict[str, Begin], plays: int) -> dict[str, list[float | None]]:
    """What each player did with so many starts: milliseconds late, None where the recording is not clear."""
    first = time.time() + READY_SECONDS
    apart = APART_SECONDS / len(players)
    starts = {
        name: [first + place * apart + APART_SECONDS * n for n in range(plays)] for place, name in enumerate(players)
    }
    with ExitStack() as playing:
        for name, begin in players.items():
            playing.enter_context(begin(starts[name]))
        time.sleep(max(0.0, first - 2 * SEARCHED_SECONDS - time.time()))
        ears = {name: sound.recorder(f"alone-{place}") for place, name in enumerate(players)}
        time.sleep(max(0.0, first + APART_SECONDS * plays + SEARCHED_SECONDS - time.time()))
        heard = {name: (ear.stop()[:, 0], ear.epoch()) for name, ear in ears.items()}
    return {name: [_late_ms(*heard[name], clip, at) for at in starts[name]] for name in players}


def _late_ms(recording: numpy.ndarray, epoch: float, clip: TestClip, at: float) -> float | None:
    begin = max(0, int((at - SEARCHED_SECONDS / 2 - epoch) * RATE))
    stretch = recording[begin : begin + int((1.5 * SEARCHED_SECONDS) * RATE) + len(clip.samples)]
    found = pulse.find(stretch, clip.samples, epoch=epoch + begin / RATE)
    return (found.at_seconds - at) * 1000 if found.likeness >= LEAST_LIKENESS else None


def row(what: str, found: Sequence[float | None]) -> None:
    heard = numpy.array([each for each in found if each is not None])
    unclear = len(found) - len(heard)
    if not len(heard):
        print(f"{what:<34} {len(found):>6} {unclear:>8}   nothing was heard clearly")
        return
    error = numpy.percentile(numpy.abs(heard), (50, 95, 100))
    spread = numpy.percentile(numpy.abs(heard - numpy.median(heard)), 95)
    figures = " ".join(f"{each:>9.2f}" for each in (*error, spread))
    print(f"{what:<34} {len(found):>6} {unclear:>8} {figures}", flush=True)


@contextmanager
def _process(command: list[str], environment: dict[str, str]) -> Iterator[None]:
    back = str(-os.getpriority(os.PRIO_PROCESS, 0))
    running = subprocess.Popen(
        ["nice", "-n", back, *command], env={**os.environ, **environment}, stdout=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        running.kill()
        running.wait()


def _ended(command: list[str], environment: dict[str, str]) -> ExitStack:
    stack = ExitStack()
    stack.enter_context(_process(command, environment))
    return stack


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plays", type=int, default=200, help=f"with every core busy; idle at most {IDLE_PLAYS}")
    plays = parser.parse_args().plays
    if not mosquitto.installed() or not pulse.installed():
        print("mosquitto or pulseaudio is not installed: nothing was measured")
        return 1
    clip = noise_clip(0.3, seed=7)
    with (
        tempfile.TemporaryDirectory() as folder,
        mosquitto.running(Path(folder) / "broker") as broker,
        pulse.running(Path(folder) / "pulse", alone=3) as sound,
        TestStation(broker.port) as station,
    ):
        wav = Path(folder) / "clip.wav"
        soundfile.write(wav, clip.samples, RATE, subtype="PCM_16")
        node = NodeProcess(
            Path(folder) / NODE, station.bundle(NODE), "--sound", "alsa:alone-0", environment=sound.environment
        )
        station.publish_clip(clip)
        node.start()
        station.wait(lambda: station.statuses)
        sound.go_first()
        with suppress(PermissionError):
            os.setpriority(os.PRIO_PROCESS, 0, MEASURING_NICENESS)
        players = {"a node": virtual_node(station, clip), "aplay after sleep": aplay(sound, "alone-1", wav)}
        if shutil.which("liquidsoap"):
            players["Liquidsoap, pulseaudio output"] = liquidsoap(sound, "alone-2", wav)
        else:
            print("Liquidsoap: not installed (Debian: apt install liquidsoap)")
        measure(sound, clip, players, plays)
        node.stop()
    return 0


def measure(sound: pulse.Pulse, clip: TestClip, players: dict[str, Begin], plays: int) -> None:
    """Print every player's row, idle and loaded; what is wanted of punctuality is wanted under load."""
    for state, load, wanted in (
        ("idle", nullcontext, min(plays, IDLE_PLAYS)),
        ("every core busy", busy_cores, plays),
    ):
        found: dict[str, list[float | None]] = {name: [] for name in players}
        with load():
            while len(found["a node"]) < wanted:
                for name, late in batch(sound, clip, players, min(BATCH, wanted - len(found["a node"]))).items():
                    found[name] += late
        print(f"{'|heard - planned|, ' + state:<34} {'plays':>6} {'unclear':>8} {'p50 ms':>9} {'p95':>9}", end="")
        print(f" {'max':>9} {'spread':>9}")
        for name, late in found.items():
            row(name, late)


if __name__ == "__main__":
    sys.exit(main())
