"""One order with a new clip to a whole province: ``python -m bench.fanout [NODES …]``.

Baseline: one bare publisher moves the same bytes through the same Mosquitto to the same subscribers in the same run: an
agenda's length to each, and the pieces of a minute of speech to all. The figure to reach is 1.2 times that.

Then the same with nodes that answer: each fetches the clip and says that it holds it; measured is the time until the
station's database knows it of the last one, with how many receipts had to be said again. The baseline of these rows is
in ``bench.rig.answering.bare``. ``--mute`` or ``--answering`` measures only one of the two.
"""

import argparse
import multiprocessing
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

from bench.delivery import Station
from bench.rig.answering.bare import Bare, until
from bench.rig.answering.nodes import AnsweringNodes
from bench.rig.commune import SPEECH_BYTES, STATION
from bench.rig.listeners import Account, Listeners
from broadcaster.delivery.broker.mosquitto import executable
from broadcaster.protocol.mqtt import chunks, topics

SIZES = (500, 2_000, 10_000)
ANSWERING_SIZES = (100, 500, 2_000)
TIMES = 3
PIECES = -(-SPEECH_BYTES // chunks.CHUNK_BYTES)
FILES_TO_SPARE = 500
QUIET_SECONDS = 1.0
"""Between two orders to nodes that answer: what else they say of the first."""


class _ListeningNodes:
    """Listeners in a process of their own: in this one they would take the station's turns at the interpreter."""

    def __init__(self, port: int, accounts: Sequence[Account], follow: str) -> None:
        followers = [replace(account, topics=(*account.topics, follow)) for account in accounts]
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_listen, args=(port, followers, theirs), daemon=True)
        self._process.start()
        self._pipe.recv()

    def close(self) -> None:
        self._pipe.send(0)
        self._process.join(5)

    def mark(self) -> None:
        """From here on messages count."""
        self._pipe.send(PIECES + 1)
        self._pipe.recv()

    def last_since(self, started_seconds: float) -> float:
        """Seconds on the monotonic clock, which all processes share, until the last node had the pieces and its own."""
        found = self._pipe.recv()
        if isinstance(found, str):
            raise TimeoutError(found)
        return float(found) - started_seconds


def _listen(port: int, accounts: Sequence[Account], pipe: Connection) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    listeners = Listeners(port, accounts)
    pipe.send("ready")
    while count := pipe.recv():
        marks = {account.name: listeners.heard(account.name) for account in accounts}
        pipe.send("marked")
        try:
            pipe.send(max(listeners.await_more(name, at, count=count) + at[1] for name, at in marks.items()))
        except TimeoutError as error:
            pipe.send(str(error))
    listeners.close()


def main(argv: list[str]) -> int:
    if executable() is None:
        print("Mosquitto is not installed: nothing to measure against.", file=sys.stderr)
        return 1
    parser = argparse.ArgumentParser()
    parser.add_argument("sizes", type=int, nargs="*")
    parser.add_argument("--mute", action="store_true")
    parser.add_argument("--answering", action="store_true")
    arguments = parser.parse_args(argv)
    if arguments.mute or not arguments.answering:
        print(
            f"{'order with a new minute of speech → the last node has all':58} {'ours s':>8} {'bare s':>8} {'ratio':>6}"
        )
        _measure_each(arguments.sizes or SIZES, _measure)
    if arguments.answering or not arguments.mute:
        print(f"\n{'the same → the last answer is stored':58} {'ours s':>8} {'bare s':>8} {'ratio':>6} {'again':>6}")
        _measure_each(arguments.sizes or ANSWERING_SIZES, _measure_answering)
    return 0


def _measure_each(sizes: Sequence[int], measure: Callable[[Path, int], None]) -> None:
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1] - FILES_TO_SPARE
    for size in sizes:
        if size > most:
            print(f"{size:>6} nodes: this system allows {most} open connections")
            continue
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder), size)


def _measure_answering(folder: Path, size: int) -> None:
    station = Station(folder, size, listen=lambda port, accounts: AnsweringNodes(port, accounts, STATION))
    try:
        ours = [_answered(station, folder / "loa.db", f"clip-{number}") for number in range(TIMES)]
        again = station.listeners.said_again()
    finally:
        station.stop()
    with closing(Bare(folder / "bare", station.accounts)) as bare:
        theirs = [bare.ordered(number) for number in range(TIMES)]
    seconds, least = statistics.median(ours), statistics.median(theirs)
    print(f"{size:>6} nodes{'':46} {seconds:8.2f} {least:8.2f} {seconds / least:6.2f} {again:6}", flush=True)


def _answered(station: Station[AnsweringNodes], path: Path, announcement: str) -> float:
    station.new_clip(announcement)
    station.settle()
    names = [account.name for account in station.accounts]
    broadcast = station.order(names, in_seconds=3600, of=announcement)
    started = time.monotonic()
    stored = "SELECT count(*) FROM deliveries WHERE broadcast_id = ? AND state = 'stored'"
    with closing(sqlite3.connect(path)) as database:
        until(lambda: database.execute(stored, (broadcast,)).fetchone()[0] == len(names))
    seconds = time.monotonic() - started
    time.sleep(QUIET_SECONDS)
    return seconds


def _measure(folder: Path, size: int) -> None:
    clips = f"{topics.ROOT}/{STATION}/clips/+/+"
    station = Station(folder, size, listen=lambda port, accounts: _ListeningNodes(port, accounts, clips))
    try:
        pairs = [(_ordered(station, f"clip-{number}"), _bare(station)) for number in range(TIMES)]
        ours, bare = (statistics.median(seconds) for seconds in zip(*pairs, strict=True))
        print(f"{size:>6} nodes{'':46} {ours:8.2f} {bare:8.2f} {ours / bare:6.2f}", flush=True)
    finally:
        station.stop()


def _ordered(station: Station[_ListeningNodes], announcement: str) -> float:
    station.new_clip(announcement)
    station.settle()
    station.listeners.mark()
    station.order([account.name for account in station.accounts], in_seconds=3600, of=announcement)
    seconds = station.listeners.last_since(time.monotonic())
    station.settle()
    return seconds


def _bare(station: Station[_ListeningNodes]) -> float:
    token, piece = station.token(), b"x" * chunks.CHUNK_BYTES
    station.listeners.mark()
    started = time.monotonic()
    for index in range(PIECES):
        station.bare.publish(topics.chunk(STATION, "0" * 64, index), piece)
    for account in station.accounts:
        station.bare.publish(topics.acks(STATION, account.name), token)
    return station.listeners.last_since(started)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
