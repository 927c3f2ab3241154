"""Nodes behind emulated weak lines: each alone at the end of a line of its own, with the broker at the other end.

The broker stays where it is; what stands at the station's end of each line only hands bytes on to it by a socket of the
file system, which network namespaces share.
"""

import os
import select
import socket
import subprocess
import sys
from pathlib import Path

from msgspec import structs

from bench.rig.line import ROOT, STATION_HOST, Conditions, Line
from broadcaster.protocol.codec import encode
from broadcaster.protocol.enrolment import BrokerAddress, NodeBundle

PORT = 1883
KERNELS_CHOICE = Path("/proc/sys/net/ipv4/tcp_congestion_control")
BLOCK_BYTES = 4096
SEND_BUFFER_BYTES = 16_384
"""What the forwarder may hold for a slow line; the broker sees it as slow as it is."""


def possible() -> bool:
    """Whether this machine allows network namespaces of our own."""
    if os.geteuid() or not os.access("/dev/net/tun", os.W_OK):
        return False
    try:
        Line("probe", Conditions(), congestion=KERNELS_CHOICE.read_text().strip()).close()
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


class WeakNode:
    """A node at the end of a weak line, with its data in ``folder`` and its sound at ``device``."""

    def __init__(self, folder: Path, bundle: NodeBundle, conditions: Conditions, *, broker: Path, name: str) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        self._line = Line(name, conditions, congestion=KERNELS_CHOICE.read_text().strip())
        self._line.at_station(sys.executable, "-m", "bench.live.weak_lines", str(broker)).hear()
        address = BrokerAddress(host=STATION_HOST, port=PORT)
        (folder / "bundle.json").write_bytes(encode(structs.replace(bundle, broker=address)))

    def start(self, device: str, environment: dict[str, str]) -> None:
        known = {**environment, "RUNTIME_DIRECTORY": str(self._folder), "PYTHONPATH": str(ROOT)}
        command = ["env", *(f"{name}={value}" for name, value in known.items())]
        command += [sys.executable, "-m", "speaker_node", "--bundle", str(self._folder / "bundle.json")]
        command += ["--data", str(self._folder / "data"), "--trust-clock", "--sound", device]
        self._line.at_virtual_node(*command, log=self._folder / "node.log")

    def stop(self) -> None:
        self._line.close()


def forward(broker: str) -> None:
    """Every connection to ``STATION_HOST`` goes on to the broker's socket, byte for byte, for ever."""
    pairs: dict[socket.socket, socket.socket] = {}
    with socket.create_server((STATION_HOST, PORT)) as server:
        print('"ready"', flush=True)
        while True:
            for ready in select.select([server, *pairs], (), ())[0]:
                if ready is server:
                    _accept(server, broker, pairs)
                elif ready in pairs:
                    _pass_on(ready, pairs)


def _accept(server: socket.socket, broker: str, pairs: dict[socket.socket, socket.socket]) -> None:
    node, there = server.accept()[0], socket.socket(socket.AF_UNIX)
    node.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    node.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
    there.connect(broker)
    pairs[node], pairs[there] = there, node


def _pass_on(from_socket: socket.socket, pairs: dict[socket.socket, socket.socket]) -> None:
    other = pairs[from_socket]
    try:
        block = from_socket.recv(BLOCK_BYTES)
        other.sendall(block)
    except OSError:
        block = b""
    if not block:
        for each in (from_socket, other):
            del pairs[each]
            each.close()


if __name__ == "__main__":
    forward(sys.argv[1])
