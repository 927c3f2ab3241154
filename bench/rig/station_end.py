"""The station's end of a weak line, a process of its own in its namespace: ``python -m bench.rig.station_end FOLDER``.

Speaks as ``bench.rig.ends`` does; apart from it because the bare ends start without all of ours.
"""

import os
import signal
import sys
import time
from pathlib import Path

from bench.delivery import Station
from bench.rig.ends import PATIENCE_SECONDS, questions, say
from bench.rig.line import STATION_HOST
from broadcaster.protocol.codec import encode
from broadcaster.protocol.enrolment import BrokerAddress, NodeBundle
from broadcaster.protocol.values import DeliveryState
from broadcaster.station.nodes import nodes
from broadcaster.station.schema import Delivery


class Nobody:
    """The node is at the other end of the line."""

    def close(self) -> None:
        """Nothing is open."""


def deliver(folder: Path) -> None:
    """All that delivers to one node, whose bundle it writes. Asked for a clip of so many bytes, or of a file with its
    duration, it says when the order to play it was committed and its name, and later when the node had confirmed."""
    running_station = Station(folder, 1, listen=lambda *_: Nobody(), host=STATION_HOST)
    try:
        (folder / "bundle.json").write_bytes(encode(_bundle(running_station)))
        say("ready")
        for number, wish in enumerate(questions()):
            data = Path(wish["file"]).read_bytes() if "file" in wish else os.urandom(wish["bytes"])
            sha256 = running_station.new_clip(f"weak-{number}", data, duration_ms=wish.get("duration_ms", 60_000))
            broadcast = running_station.order(
                [running_station.accounts[0].name], in_seconds=wish["in_seconds"], of=f"weak-{number}"
            )
            say({"at": time.monotonic(), "sha256": sha256})
            _await_state(running_station, broadcast, DeliveryState(wish["until"]))
            say(time.monotonic())
    finally:
        running_station.stop()


def _bundle(running_station: Station[Nobody]) -> NodeBundle:
    account, access = running_station.accounts[0], running_station.access
    with running_station.database.reading() as s:
        return nodes.bundle(
            s,
            node=nodes.get(s, account.name),
            password=account.password,
            identity=running_station.identity,
            broker=BrokerAddress(host=access.host, port=access.port),
        )


def _await_state(running_station: Station[Nobody], broadcast: str, state: DeliveryState) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        with running_station.database.reading() as s:
            if s.get_one(Delivery, (broadcast, running_station.accounts[0].name)).state == state:
                return
        time.sleep(0.05)
    raise TimeoutError(f"the node never said {state}")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    deliver(Path(sys.argv[1]))
