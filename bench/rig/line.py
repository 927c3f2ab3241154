"""A weak line of our own: two network namespaces, a TUN device in each, and a loop that carries packets between them.

It gives rate, delay, a bounded queue and loss to whole IP packets, so TCP meets them as it does on a mast far away.
Needs root.
"""

import fcntl
import json
import os
import random
import select
import struct
import subprocess
import threading
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STATION_HOST = "10.77.0.1"
VIRTUAL_NODE_HOST = "10.77.0.2"
MTU_BYTES = 1400
"""What mobile networks leave of 1500."""
TUNSETIFF = 0x400454CA
TUN_WITHOUT_HEADER = 0x1001
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Conditions:
    """rate_bps: bits a second, each way.
    delay_seconds: one way.
    queue_bytes: waiting for the line at most; what comes on top is dropped.
    loss: share of packets that vanish on the way, after they took their time on the line.
    outage_seconds: mean length of the gaps in which everything vanishes, both ways; 0 for packets lost one by one.
    """

    rate_bps: int = 64_000
    delay_seconds: float = 0.2
    queue_bytes: int = 32_000
    loss: float = 0.0
    outage_seconds: float = 0.0


class Fate:
    """Which packets vanish; the same seed has the same gaps."""

    def __init__(self, conditions: Conditions, *, seed: int, now: float) -> None:
        self._conditions = conditions
        self._random = random.Random(seed)
        self._silent = False
        self._turns_at = now + self._length()

    def takes(self, now: float) -> bool:
        """Whether what leaves now is lost."""
        if not self._conditions.loss:
            return False
        if not self._conditions.outage_seconds:
            return self._random.random() < self._conditions.loss
        while now >= self._turns_at:
            self._silent = not self._silent
            self._turns_at += self._length()
        return self._silent

    def _length(self) -> float:
        """Seconds until the next turn, without memory."""
        conditions = self._conditions
        if not conditions.outage_seconds or not conditions.loss:
            return float("inf")
        share = 1.0 if self._silent else (1 - conditions.loss) / conditions.loss
        return self._random.expovariate(1 / (conditions.outage_seconds * share))


class _Way:
    """One direction: a queue before the line, then the line itself.

    carried: (monotonic second, bytes) of every packet that took its time on the line, lost ones included.
    """

    def __init__(self) -> None:
        self.passed: list[tuple[float, int]] = []
        self._free_at = 0.0
        self._flying: deque[tuple[float, bytes]] = deque()

    @property
    def next_at(self) -> float:
        """When the next packet arrives."""
        return self._flying[0][0] if self._flying else float("inf")

    def take(self, packet: bytes, now: float, conditions: Conditions, fate: Fate) -> None:
        waiting_bytes = max(0.0, self._free_at - now) * conditions.rate_bps / 8
        if waiting_bytes + len(packet) > conditions.queue_bytes:
            return
        self._free_at = max(now, self._free_at) + len(packet) * 8 / conditions.rate_bps
        self.passed.append((self._free_at, len(packet)))
        if not fate.takes(self._free_at):
            self._flying.append((self._free_at + conditions.delay_seconds, packet))

    def arrived(self, now: float) -> Iterable[bytes]:
        while self.next_at <= now:
            yield self._flying.popleft()[1]


class Line:
    """Between ``STATION_HOST`` and ``NODE_HOST``, each alone in its namespace; ``close`` ends who works there."""

    def __init__(self, name: str, conditions: Conditions, *, congestion: str) -> None:
        """``name``: at most six letters, of no other line of this process. ``congestion``: the control of both TCPs."""
        self._conditions = conditions
        self._fate = Fate(conditions, seed=0, now=0.0)
        self._spaces = tuple(f"loa-{os.getpid()}-{name}-{side}" for side in ("station", "node"))
        self._ends: list[End] = []
        self._ways = (_Way(), _Way())
        self._devices = tuple(f"{name}{side}{os.getpid() % 100_000}" for side in "sp")
        self._files = tuple(_open_tun(device) for device in self._devices)
        try:
            self._join(congestion)
        except subprocess.CalledProcessError:
            self._leave()
            raise
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._carry, name=f"line-{name}", daemon=True)
        self._thread.start()

    def change(self, conditions: Conditions, *, seed: int) -> None:
        """From now on."""
        self._conditions, self._fate = conditions, Fate(conditions, seed=seed, now=time.monotonic())

    def at_station(self, *command: str) -> "End":
        """Start a program at the station's end."""
        return self._start(self._spaces[0], command)

    def at_virtual_node(self, *command: str, log: Path | None = None) -> "End":
        """Start a program at the node's end; ``log`` takes what it complains of."""
        return self._start(self._spaces[1], command, log)

    def passed_bytes(self, since: float, until: float = float("inf")) -> int:
        """IP bytes both ways between two monotonic seconds."""
        return sum(size for way in self._ways for at, size in way.passed if since <= at < until)

    def dismiss(self) -> None:
        """Ask everybody at both ends to go; ``close`` then need not wait for one after the other."""
        for end in self._ends:
            end.dismiss()

    def close(self) -> None:
        self.dismiss()
        for end in self._ends:
            end.stop()
        self._closing.set()
        self._thread.join(5)
        self._leave()

    def _join(self, congestion: str) -> None:
        """Each device alone in its namespace."""
        addresses = ((STATION_HOST, VIRTUAL_NODE_HOST), (VIRTUAL_NODE_HOST, STATION_HOST))
        for device, space, (own, peer) in zip(self._devices, self._spaces, addresses, strict=True):
            _settle(device, space, own, peer)
            _set(space, f"net.ipv4.tcp_congestion_control={congestion}")

    def _leave(self) -> None:
        for file in self._files:
            os.close(file)
        for space in self._spaces:
            subprocess.run(["ip", "netns", "delete", space], check=False, stderr=subprocess.DEVNULL)

    def _start(self, space: str, command: tuple[str, ...], log: Path | None = None) -> "End":
        end = End(["ip", "netns", "exec", space, *command], log)
        self._ends.append(end)
        return end

    def _carry(self) -> None:
        directions = ((self._files[0], self._files[1], self._ways[0]), (self._files[1], self._files[0], self._ways[1]))
        while not self._closing.is_set():
            wait_seconds = min(way.next_at for way in self._ways) - time.monotonic()
            readable = select.select(self._files, (), (), min(0.2, max(0.0, wait_seconds)))[0]
            for source, target, way in directions:
                if source in readable:
                    way.take(os.read(source, 2000), time.monotonic(), self._conditions, self._fate)
                for packet in way.arrived(time.monotonic()):
                    os.write(target, packet)


class End:
    """A program at one end of a line, which speaks and is spoken to in lines of JSON."""

    def __init__(self, command: list[str], log: Path | None = None) -> None:
        with (log or Path(os.devnull)).open("ab") as complaints:
            self._process = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints if log else None
            )

    def ask(self, question: Any) -> Any:
        """Say something and wait for the answer."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps(question).encode() + b"\n")
        self._process.stdin.flush()
        return self.hear()

    def hear(self) -> Any:
        """The next thing it says. Raises RuntimeError when it has ended instead."""
        assert self._process.stdout
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{self._process.args!r} ended")
        return json.loads(answer)

    def dismiss(self) -> None:
        """Ask it to go."""
        self._process.terminate()

    def stop(self) -> None:
        """It has been asked to go."""
        try:
            self._process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()


def _open_tun(name: str) -> int:
    file = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(file, TUNSETIFF, struct.pack("16sH22x", name.encode(), TUN_WITHOUT_HEADER))
    return file


def _settle(device: str, space: str, own: str, peer: str) -> None:
    """Move the device into a new namespace, without the chatter of IPv6."""
    _ip("netns", "add", space)
    _set(space, "net.ipv6.conf.all.disable_ipv6=1")
    _set(space, "net.ipv6.conf.default.disable_ipv6=1")
    _ip("link", "set", device, "netns", space)
    _ip("-n", space, "addr", "add", own, "peer", peer, "dev", device)
    _ip("-n", space, "link", "set", device, "mtu", str(MTU_BYTES), "up")
    _ip("-n", space, "link", "set", "lo", "up")


def _set(space: str, kernel_setting: str) -> None:
    _ip("netns", "exec", space, "sysctl", "-qw", kernel_setting)


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)
