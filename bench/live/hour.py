"""An hour of relay in virtual time: ``python -m bench.live.hour [--minutes 60] [--ppm 100 -100]``: memory, drift, end.

The station's own program with its database, sending what a stream gives whose crystal is a little quicker or slower
than the station's; nothing waits, so an hour takes minutes.
"""

import argparse
import resource
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from broadcaster.relays.events import Event, Heard
from broadcaster.relays.relaying import BYTES_A_SECOND
from broadcaster.station.database.engine import Database
from broadcaster.station.live import relay_sessions, sessions
from tests.rig.commune import settle
from tests.unit.live.relay_rig import Rig
from tests.unit.relays.scripted import BLOCK_SECONDS, Air, Happening, pcm
from tests.unit.station.relays.relaying import FIRST, SECOND, START

PPM = 100.0
WARM_MINUTES = 5
PAGE_BYTES = resource.getpagesize()
_BLOCK = pcm(BLOCK_SECONDS)


@dataclass
class OffPace(Air):
    """A stream without end that gives so many millionths more sound in a second than the station's clock expects."""

    ppm: float = 0.0

    def _events(self, script: Sequence[Happening]) -> Iterator[Event]:
        del script
        while True:
            self.now += BLOCK_SECONDS / (1 + self.ppm / 1e6)
            yield Heard(_BLOCK)


@dataclass
class Counting(Rig):
    """sent_packets: how many were sent; none is held, which would be memory of the bench and not of the station."""

    sent_packets: int = 0

    def sent(self, _topic: str, _payload: bytes) -> None:
        self.sent_packets += 1


def row(what: str, value: str, *, target: str = "") -> None:
    print(f"{what:<62} {value:>26} {target:>12}", flush=True)


def resident_megabytes() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_BYTES / 1e6


def measure(folder: Path, *, minutes: int, ppm: float) -> None:
    """One relay; its lines of the table."""
    database = Database(f"sqlite:///{folder / 'station.db'}")
    database.migrate()
    air = OffPace({FIRST: [[]], SECOND: [[]]}, ppm=ppm)
    rig = Counting(database, folder, settle(database), air, minutes=minutes)
    rig.run(START + timedelta(minutes=min(WARM_MINUTES, minutes / 2)))
    before = resident_megabytes()
    rig.run(START + timedelta(minutes=minutes - 1))
    grown, held = resident_megabytes() - before, rig.feeds[-1]._held_bytes / BYTES_A_SECOND
    rig.end()
    with database.reading() as s:
        session = sessions.get(s, rig.row().id)
        given_up = relay_sessions.given_up(s, since_at=START)
    name = f"{minutes} min of relay, source {ppm:+.0f} ppm"
    row(
        f"{name}: memory after {WARM_MINUTES} min, and more at the end",
        f"{before:.0f} MB, {grown:+.1f} MB",
        target="flat",
    )
    row(f"{name}: of the stream held back at the end", f"{held:.2f} s", target="<= 20 s")
    row(f"{name}: left out", f"{session.gap_ms} ms of {session.sound_ms / 1000:.0f} s", target="")
    row(f"{name}: end beside its time", f"{session.ends_ms - minutes * 60_000:+d} ms", target="<= 20 ms")
    row(f"{name}: packets, sources left", f"{rig.sent_packets}, {len(rig.take().switches) + len(given_up)}")


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.live.hour")
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--ppm", type=float, nargs="*", default=[PPM, -PPM])
    options = parser.parse_args(argv)
    for ppm in options.ppm:
        with tempfile.TemporaryDirectory(prefix="loa-bench-") as folder:
            measure(Path(folder), minutes=options.minutes, ppm=ppm)
    return 0


if __name__ == "__main__":
    sys.exit(main())
