"""A clip over a weak link, and what a node costs its SIM card, measured: ``python -m bench.weaklink [CONGESTION]``.

64 kbit/s, 200 ms each way, a queue of 32 kB, without loss, with 10 % of the packets lost one by one, and with the same
lost in gaps. Baselines at the same time on lines of the same kind: the same bytes over bare TCP, and in the same chunks
through a bare Mosquitto. All connections stand before. ``CONGESTION`` is TCP's congestion control at both ends, of the
kernel unless named (``cubic``, ``bbr``). Needs root (network namespaces).
"""

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bench.rig.ends import PATIENCE_SECONDS
from bench.rig.line import Conditions, Line
from bench.speech import plan_of, renderer_in, text_of
from broadcaster.delivery.broker.mosquitto import executable

CLIP_BYTES = 180_000
LINES = 3
ROUNDS = 2
CLEAR = Conditions()
COURSES = {
    "no loss": CLEAR,
    "10 % lost one by one": Conditions(loss=0.1),
    "10 % lost in gaps of 1 s": Conditions(loss=0.1, outage_seconds=1.0),
}
SETTLE_SECONDS = 4.0
MINUTE_TEXT = "tests/data/announcements/06-dich-ta-lon.txt"
FIRST_SECONDS = 30.0
"""Connecting, the agenda, the first questions about the time."""
IDLE_SECONDS = 240.0
HASTE = 10
"""The idle node lives so many times quicker: forty minutes, two whole rounds of heartbeats and pings."""
VIRTUAL_NODE = ("-m", "speaker_node")
HASTY_VIRTUAL_NODE = (
    "-c",
    "import sys; from speaker_node import command; from speaker_node.link import connection, reporting;"
    f"reporting.HEARTBEAT_SECONDS /= {HASTE}; reporting.WHOLE_SECONDS /= {HASTE};"
    f"connection.KEEPALIVE_SECONDS //= {HASTE};"
    "sys.exit(command.main(sys.argv[1:]))",
)
KERNELS_CHOICE = Path("/proc/sys/net/ipv4/tcp_congestion_control")
MONTH_SECONDS = 30 * 86_400
CLOCK_ROUNDS_A_DAY = 12
AFTERWARDS_SECONDS = 35.0
"""After a play the station writes a new agenda within half a minute."""


@dataclass(frozen=True, slots=True)
class Trip:
    """seconds: until the clip was whole at the node; confirmed_seconds: until the station had it in its database;
    carried_bytes: over the line, both ways."""

    seconds: float
    confirmed_seconds: float
    passed_bytes: int


class Bare:
    """Somebody else's way: ``tcp`` or ``mqtt``."""

    def __init__(self, kind: str, line: Line, folder: Path) -> None:
        self.line = line
        self._sender = line.at_station(
            *_end("bench.rig.ends", f"{kind}-send", *((str(executable()), str(folder)) if kind == "mqtt" else ()))
        )
        self._sender.hear()
        self._receiver = line.at_virtual_node(*_end("bench.rig.ends", f"{kind}-receive", str(CLIP_BYTES)))
        self._receiver.hear()

    def bring(self) -> Trip:
        started = self._sender.ask(CLIP_BYTES)
        arrived = self._receiver.hear()
        return Trip(arrived - started, arrived - started, self.line.passed_bytes(started))


class Ours:
    """The station as it is, and the program of the node."""

    def __init__(self, line: Line, folder: Path, *, program: tuple[str, ...] = VIRTUAL_NODE) -> None:
        self.line = line
        self._clips = folder / "node" / "clips"
        self._station = line.at_station(*_end("bench.rig.station_end", str(folder)))
        self._station.hear()
        virtual_node = [sys.executable, *program, "--bundle", str(folder / "bundle.json")]
        line.at_virtual_node(
            *virtual_node, "--data", str(folder / "node"), "--sound", "file", "--usb", "off", log=folder / "node.log"
        )

    def bring(self) -> Trip:
        return self.order({"bytes": CLIP_BYTES, "in_seconds": 3600, "until": "stored"})

    def order(self, wish: dict[str, object]) -> Trip:
        committed = self._station.ask(wish)
        clip = self._clips / f"{committed['sha256']}.clip"
        started = committed["at"]
        while not clip.exists() and time.monotonic() - started < PATIENCE_SECONDS:
            time.sleep(0.02)
        whole = time.monotonic()
        confirmed = self._station.hear()
        return Trip(whole - started, confirmed - started, self.line.passed_bytes(started))


def _end(*arguments: str) -> list[str]:
    return [sys.executable, "-m", *arguments]


def main(congestion: str) -> int:
    if os.geteuid() or not os.access("/dev/net/tun", os.W_OK) or executable() is None:
        print("weak link: not measured; it needs root, /dev/net/tun and Mosquitto")
        return 0
    try:
        Line("probe", CLEAR, congestion=congestion).close()
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"weak link: not measured; this machine allows no namespaces of its own: {error}")
        return 0
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the namespaces must not outlive us
    with (
        tempfile.TemporaryDirectory() as folder,
        ThreadPoolExecutor(3 * LINES + 2) as pool,
        closing(_Place(Path(folder), congestion)) as place,
    ):
        idle = pool.submit(idle_month, place)
        minute = pool.submit(minute_of_speech, place)
        race(place, pool)
        print_bytes(minute.result(), idle.result())
    return 0


class _Place:
    """Lines are built here and end with the bench."""

    def __init__(self, folder: Path, congestion: str) -> None:
        self.folder = folder
        self.congestion = congestion
        self._lines: list[Line] = []

    def line(self, name: str) -> tuple[Line, Path]:
        """A clear line and a folder of the same name."""
        folder = self.folder / name
        folder.mkdir()
        line = Line(name, CLEAR, congestion=self.congestion)
        self._lines.append(line)
        return line, folder

    def close(self) -> None:
        for line in self._lines:
            line.dismiss()
        for line in self._lines:
            line.close()


def race(place: _Place, pool: Executor) -> None:
    """Each way on lines of its own, all at once; on each line one course after the other."""
    wanted = [(kind, number) for number in range(LINES) for kind in ("ours", "mqtt", "tcp")]
    making = [pool.submit(_make, kind, *place.line(f"{kind}{number}")) for kind, number in wanted]
    ways = [made.result() for made in making]
    time.sleep(SETTLE_SECONDS)
    running = [pool.submit(_run, way, seed=number) for way, (_, number) in zip(ways, wanted, strict=True)]
    print(f"{CLIP_BYTES // 1000} kB, 64 kbit/s, 400 ms there and back, {place.congestion}; median of {LINES * ROUNDS}")
    heads = ("bare TCP s", "bare MQTT s", "ours s", "ratio", "confirmed s", "kB ours/TCP")
    print(" " * 26 + "".join(f"{head:>13}" for head in heads))
    for name in COURSES:
        trips = [(kind, trip) for (kind, _), run in zip(wanted, running, strict=True) for trip in run.result()[name]]
        _print_course(name, trips)


def _make(kind: str, line: Line, folder: Path) -> Bare | Ours:
    return Ours(line, folder) if kind == "ours" else Bare(kind, line, folder)


def _run(way: Bare | Ours, *, seed: int) -> dict[str, list[Trip]]:
    """Every course so many times. The line is as bad as it shall be from the order on; in between it is only slow."""
    found: dict[str, list[Trip]] = {name: [] for name in COURSES}
    for number in range(ROUNDS):
        for name, course in COURSES.items():
            way.line.change(course, seed=number * LINES + seed)
            found[name].append(way.bring())
            way.line.change(CLEAR, seed=0)
            time.sleep(SETTLE_SECONDS)
    return found


def _print_course(name: str, trips: list[tuple[str, Trip]]) -> None:
    def middle(kind: str, figure: Callable[[Trip], float]) -> float:
        return statistics.median(figure(trip) for each, trip in trips if each == kind)

    tcp, mqtt, ours = (middle(kind, lambda trip: trip.seconds) for kind in ("tcp", "mqtt", "ours"))
    confirmed = middle("ours", lambda trip: trip.confirmed_seconds)
    kilobytes = "/".join(f"{middle(kind, lambda trip: trip.passed_bytes / 1000):.0f}" for kind in ("ours", "tcp"))
    print(f"{name:26}{tcp:13.1f}{mqtt:13.1f}{ours:13.1f}{ours / tcp:13.2f}{confirmed:13.1f}{kilobytes:>13}", flush=True)


def minute_of_speech(place: _Place) -> float:
    """Kilobytes on the line for a minute of speech: the order, the clip, all receipts and the agenda afterwards."""
    line, folder = place.line("talk")
    clip = renderer_in(folder / "made").render(plan_of(text_of([Path(MINUTE_TEXT)])))
    virtual_node = Ours(line, folder)
    time.sleep(FIRST_SECONDS)
    before = time.monotonic()
    virtual_node.order({"file": str(clip.path), "duration_ms": clip.duration_ms, "in_seconds": 40, "until": "played"})
    time.sleep(AFTERWARDS_SECONDS)
    return line.passed_bytes(before) / 1000 * 60_000 / clip.duration_ms


def idle_month(place: _Place) -> tuple[float, float]:
    """Megabytes of a month in which nothing is played, and of its heartbeats and pings alone.

    The rest is a connection every day with its sixteen questions about the time, and the later ones of a node without
    NTP, counted as if each six cost their share of all that.
    """
    line, folder = place.line("idle")
    Ours(line, folder, program=HASTY_VIRTUAL_NODE)
    while not line.passed_bytes(0):
        time.sleep(0.1)
    calm = time.monotonic() + FIRST_SECONDS
    time.sleep(FIRST_SECONDS + IDLE_SECONDS)
    first = line.passed_bytes(0, calm)
    beats = line.passed_bytes(calm, calm + IDLE_SECONDS) * MONTH_SECONDS / (IDLE_SECONDS * HASTE)
    return (beats + 30 * first * (1 + CLOCK_ROUNDS_A_DAY * 6 / 16)) / 1e6, beats / 1e6


def print_bytes(minute_kb: float, idle_mb: tuple[float, float]) -> None:
    print(f"\n{'bytes of IP on the line, both ways':60}{'measured':>10}{'figure':>10}")
    print(f"{'a minute of speech: order, clip, receipts':60}{minute_kb:7.0f} kB{'200 kB':>10}")
    print(f"{'an idle month: heartbeats, time, a connection a day':60}{idle_mb[0]:7.1f} MB{'10 MB':>10}")
    print(f"{'  of it heartbeats and pings':60}{idle_mb[1]:7.1f} MB")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else KERNELS_CHOICE.read_text().strip()))
