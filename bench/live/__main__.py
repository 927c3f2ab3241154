"""Live sound from the mouth to the horn: ``python -m bench.live``: delay, loss, step between nodes; an hour of relay.

Real Mosquitto and real node processes, whose sinks are channels of one PulseAudio null sink, so step is sample-exact. A
voice is fed in pieces of 400 ms as a browser posts it; the mouth begins where the first sample of the first piece is
spoken, so that a piece's own length counts. The nodes' recorded sound is compared with the voice itself. Packets
are lost and late on their way to the broker; the delay of a session follows from the lateness, as in the station.
Baselines in the same run, where they are installed, with the same voice and no loss: Snapcast, and Icecast with ffplay.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.live import hour, icecast_chain
from bench.live.weak_lines import WeakNode, possible
from bench.rig import snapcast
from bench.rig.line import Conditions
from bench.rig.live_sound import Line, Speech, envelope, places_ms, voice
from broadcaster.protocol.live.packets import RATE as VOICE_RATE
from broadcaster.station.live.choices import WEAK_LATE_MS
from tests.rig import mosquitto, pulse
from tests.rig.clips import RATE, TestClip, noise_clip
from tests.rig.node_process import NodeProcess
from tests.rig.station import TestStation

NODES = [f"loa-{number}" for number in range(1, 4)]
CHIME_SECONDS = 0.5
WINDOW_MS = 5_000
PIECE_FRAMES = RATE
"""Of the recording at a time, when two nodes are compared to the sample."""
ALIKE = 0.9
"""Correlation from which a second counts as the same sound at two nodes."""
WEAK = Conditions(loss=0.1)
SOCKET_TOO = mosquitto.ANONYMOUS + ("user root\n" if os.geteuid() == 0 else "") + "listener 0 {}\n"
"""The broker listens at a file, too: in a folder of ours, where the account it would change to may not write."""
LATE_ON_LAN_MS = 10.0
LATE_ON_WEAK_MS = 400.0


@dataclass(frozen=True, slots=True)
class Figures:
    """delay_seconds: from the mouth to each node's sound, window by window; steps_ms: the last node after the first,
    piece by piece; lost: of what should have sounded, at each node."""

    delay_seconds: Sequence[float]
    steps_ms: Sequence[float]
    lost: Sequence[float]


def row(what: str, value: str, *, target: str = "", baseline: str = "") -> None:
    print(f"{what:<62} {value:>26} {target:>12}   {baseline}", flush=True)


@dataclass(frozen=True, slots=True)
class Hall:
    """station, sound: what runs; chime: before each session; seconds: how long each voice is; broker: its socket among
    the files."""

    station: TestStation
    sound: pulse.Pulse
    chime: TestClip
    seconds: int
    broker: Path

    def session(
        self, name: str, *, lost: float, late_ms: float, nodes: Sequence[str] = NODES, measured_ms: float | None = None
    ) -> Figures:
        """One session on these nodes. ``measured_ms``: the lateness its delay follows from, where it is not
        ``late_ms``."""
        speech = Speech(name, self.chime, self.seconds)
        recorder, one = self.sound.recorder("hall", channels=len(pulse.SEATS)), speech.item()
        for node in nodes:
            self.station.publish_agenda(self.station.agenda(node, one, clips=[self.chime]))
        line = Line(self.station, lost=lost, late_ms=late_ms)
        measured = late_ms if measured_ms is None else measured_ms
        mouth = speech.speak(self.station, one, line, measured_late_ms=[round(measured)])
        played = self.station.wait(lambda: self.station.states(one.broadcast).count("played") == len(nodes))
        if not played:
            print(f"not every node said that it played: {self.station.states(one.broadcast)}", file=sys.stderr)
        receipts = [each for each in self.station.receipts if (each.broadcast, each.state) == (one.broadcast, "played")]
        recording = recorder.stop()[:, : len(NODES)]
        begin = max(0, round((mouth - recorder.epoch()) * RATE))
        return Figures(
            delay_seconds=self._delays(recording[begin:]),
            steps_ms=steps_ms(recording[begin:]),
            lost=[each.lost_ms / max(1, each.played_ms + each.lost_ms) for each in receipts],
        )

    def _delays(self, heard: np.ndarray) -> list[float]:
        said = envelope(voice(self.seconds), VOICE_RATE)
        found = (places_ms(envelope(each, RATE), said, window_ms=WINDOW_MS) for each in heard.T)
        return [place / 1000 for places in found for place in places]

    def snapcast(self, folder: Path) -> None:
        """The same voice through a server that sounds a second after it was fed."""
        if not snapcast.installed():
            row("beside Snapcast", "left out: needs snapserver and snapclient")
            return
        with snapcast.Server(folder, self.sound, sinks=["seat-0", "seat-1"]) as server:
            recorder = self.sound.recorder("hall", channels=len(pulse.SEATS))
            spoken = np.repeat(voice(self.seconds), RATE // VOICE_RATE) * 0.3
            fed_at = server.feed(noise_clip(0.1).__class__(spoken, b"", self.chime.ref))
            time.sleep(self.seconds + snapcast.BUFFER_SECONDS + 1)
            heard = recorder.stop()[:, :2]
            begin = max(0, round((fed_at - recorder.epoch()) * RATE))
        delays = self._delays(heard[begin:])
        row("mouth -> sound, Snapcast without loss (med/p95/max)", seconds(delays), baseline="needs a TCP stream")
        row("step of two clients (med/p95/max)", milliseconds(steps_ms(heard[begin:])))

    def icecast(self, folder: Path) -> None:
        """The same voice through a radio server and the players that people use for it."""
        if not icecast_chain.installed():
            row("beside Icecast and ffplay", "left out: needs icecast2 and ffplay")
            return
        recorder = self.sound.recorder("hall", channels=len(pulse.SEATS))
        spoken = np.repeat(voice(self.seconds), RATE // VOICE_RATE) * 0.3
        mouth = icecast_chain.played(folder, self.sound, spoken, sinks=["seat-0", "seat-1"])
        heard = recorder.stop()[:, :2]
        begin = max(0, round((mouth - recorder.epoch()) * RATE))
        row("mouth -> sound, Icecast + ffplay (med/p95/max)", seconds(self._delays(heard[begin:])))
        row("step of two players (med/p95/max)", milliseconds(steps_ms(heard[begin:])))


def steps_ms(heard: np.ndarray) -> list[float]:
    """Second by second, how far the nodes lie apart. What did not come whole at every node is left out: what is
    concealed or missing has no place."""
    found = []
    for begin in range(RATE, len(heard) - 2 * PIECE_FRAMES, PIECE_FRAMES):
        reference = heard[begin : begin + PIECE_FRAMES, 0]
        if np.sqrt(np.mean(reference**2)) < 0.02:
            continue
        around = heard[begin - RATE // 4 : begin + PIECE_FRAMES + RATE // 4]
        places = [pulse.find(each, reference, epoch=0.0) for each in around.T]
        if min(each.likeness for each in places) > ALIKE:
            frames = [each.frame for each in places]
            found.append((max(frames) - min(frames)) * 1000 / RATE)
    return found


def seconds(values: Sequence[float]) -> str:
    return "{:.2f} / {:.2f} / {:.2f} s".format(*np.percentile(values, (50, 95, 100)))


def milliseconds(values: Sequence[float]) -> str:
    return "{:.2f} / {:.2f} / {:.2f} ms".format(*np.percentile(values, (50, 95, 100)))


def measure(hall: Hall, place: Path) -> None:
    """Start the nodes; every line of the table."""
    hall.station.publish_clip(hall.chime)
    nodes = []
    for seat, name in enumerate(NODES):
        bundle, device = hall.station.bundle(name), f"alsa:seat-{seat}"
        nodes.append(NodeProcess(place / name, bundle, "--sound", device, environment=hall.sound.environment))
        nodes[-1].start()
    hall.sound.go_first()
    try:
        hall.station.wait(lambda: {each.node for each in hall.station.statuses} >= set(NODES))
        show("LAN", hall.session("session-lan", lost=0.0, late_ms=LATE_ON_LAN_MS), target="<= 1.5 s")
        weak = hall.session("session-weak", lost=0.1, late_ms=LATE_ON_WEAK_MS)
        show("10 % lost, up to 400 ms late", weak, target="<= 3.5 s")
        weak_lines(hall, place / "weak")
        hall.snapcast(place / "snapcast")
        hall.icecast(place / "icecast")
    finally:
        for node in nodes:
            node.stop()


def weak_lines(hall: Hall, place: Path) -> None:
    """The same nodes behind lines of their own: 64 kbit/s, 400 ms there and back, every tenth IP packet lost. The delay
    follows from what they measured in a session before, as in the station."""
    if not possible():
        row("64 kbit/s, 400 ms, 10 % of the packets lost", "left out: needs root and /dev/net/tun")
        return
    names = [f"weak-{number}" for number in range(1, len(NODES) + 1)]
    nodes = [
        WeakNode(place / name, hall.station.bundle(name), WEAK, broker=hall.broker, name=f"wk{number}")
        for number, name in enumerate(names)
    ]
    try:
        for seat, node in enumerate(nodes):
            node.start(f"alsa:seat-{seat}", hall.sound.environment)
        hall.station.wait(lambda: {each.node for each in hall.station.statuses} >= set(names), timeout_seconds=180)
        first = hall.session("session-before", lost=0.0, late_ms=0.0, nodes=names, measured_ms=WEAK_LATE_MS)
        late_ms = max((each.live.late_ms for each in hall.station.statuses if each.live), default=WEAK_LATE_MS)
        found = hall.session("session-line", lost=0.0, late_ms=0.0, nodes=names, measured_ms=late_ms)
    finally:
        for node in nodes:
            node.stop()
    row(
        "late at the slowest node, as it measured; lost meanwhile",
        f"{late_ms} ms; {100 * max(first.lost, default=1):.1f} %",
    )
    show("64 kbit/s, 400 ms, 10 % of packets lost", found, target="<= 3.5 s")


def show(line: str, found: Figures, *, target: str) -> None:
    row(f"mouth -> sound, {line} (med/p95/max)", seconds(found.delay_seconds), target=target)
    row(f"step of {len(NODES)} nodes, {line} (med/p95/max)", milliseconds(found.steps_ms), target="<= 5 ms")
    row(f"lost at the worst node, {line}", f"{100 * max(found.lost, default=1.0):.1f} %")


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.live")
    parser.add_argument("--seconds", type=int, default=40)
    parser.add_argument("--relay-minutes", type=int, default=60, help="of relay in virtual time; 0 for none")
    options = parser.parse_args(argv)
    if not (mosquitto.installed() and pulse.installed()):
        print("needs mosquitto, pulseaudio and ALSA's bridge to it")
        return 1
    row("what", "found", target="target", baseline="baseline, same run")
    with tempfile.TemporaryDirectory(prefix="loa-bench-") as folder:
        place = Path(folder)
        with (
            mosquitto.running(place / "broker", config=SOCKET_TOO.format(place / "sock")) as broker,
            pulse.running(place / "pulse", seats=True) as sound,
            TestStation(broker.port) as station,
        ):
            measure(Hall(station, sound, noise_clip(CHIME_SECONDS, seed=3), options.seconds, place / "sock"), place)
    return hour.main(["--minutes", str(options.relay_minutes)]) if options.relay_minutes else 0


if __name__ == "__main__":
    sys.exit(main())
