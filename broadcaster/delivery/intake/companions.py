"""The processes that serve one cell, as one of them sees the others, and which of them takes in what a node says.

Every process hears every node. Who stores follows from the node's id and the processes that live and hear, so that each
takes its share and no two write the same rows. Views that differ for a moment do no harm: what two take in is stored
once, and what nobody took is held over, see ``intake.held_over``.
"""

import hashlib
import os
import secrets
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from broadcaster.protocol import kernel_time
from broadcaster.station.database.engine import Database
from broadcaster.station.rows import processes
from broadcaster.station.rows.processes import Sign

ALONE_SECONDS, TOGETHER_SECONDS = 10.0, 2.0
"""Between two signs of life, while no other process is seen and while there is one."""
MISSED = 3
"""So many signs left out, and a process counts as dead; of this machine's the kernel tells at once."""
LOOK_SECONDS = 1.0
FORGOTTEN_SECONDS = 600.0
_PROC, _MACHINE_ID = Path("/proc"), Path("/etc/machine-id")


@dataclass(frozen=True, slots=True)
class ProcessIdentity:
    """One process.

    host, pid: for people. boot: this boot of the machine, and pids: the space within it in which pids count; machine:
    what stays over a boot. started: the process's start, so that pids used again are told apart. folder: in which the
    database lies; empty for a server's.
    """

    host: str
    pid: int
    machine: str
    boot: str
    pids: str
    started: str
    folder: str = ""

    @classmethod
    def own(cls, folder: str = "") -> "ProcessIdentity":
        """Of this process."""
        space = _pid_space()
        own = os.getpid()
        return cls(socket.gethostname(), own, _machine(), kernel_time.boot_id(), space, _started(own), folder)

    def has_ended(self, here: "ProcessIdentity") -> bool:
        """Whether it is known to have, as ``here`` knows; False for another machine's, of which it knows nothing. A
        database that is a file is used from where the file lies only: others' signs came with a copy of it."""
        if self.folder or here.folder:
            return (self.folder, self.pids, self.boot) != (here.folder, here.pids, here.boot) or self._is_not_running()
        if self.boot != here.boot:
            return bool(self.machine) and (self.machine, self.host) == (here.machine, here.host)
        return self.pids == here.pids and self._is_not_running()

    def _is_not_running(self) -> bool:
        return _started(self.pid) != self.started


@dataclass(slots=True)
class _Seen:
    """The newest sign of another process, and when it was seen first, in running seconds."""

    sign: Sign
    since: float


@dataclass
class Companions:
    """``look`` is called by one thread, ``takes`` by any.

    on_change: called after other processes came or went.
    """

    database: Database
    clock: Callable[[], datetime]
    monotonic: Callable[[], float] = time.monotonic
    identity: ProcessIdentity = field(default_factory=ProcessIdentity.own)
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    on_change: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self._known: dict[str, _Seen] = {}
        self._alive: frozenset[str] = frozenset()
        self._others: tuple[str, ...] = ()
        self._looked_at = float("-inf")

    @property
    def together(self) -> bool:
        """Whether another process hears the nodes, too."""
        return bool(self._others)

    @property
    def beat_seconds(self) -> float:
        return TOGETHER_SECONDS if self._alive else ALONE_SECONDS

    def takes(self, node: str) -> bool:
        """Whether this process takes in what the node says."""
        others = self._others
        return not others or self.id == max((self.id, *others), key=lambda process: _weight(process, node))

    def sign(self, s: Session, *, hears: bool) -> None:
        """A sign of life within somebody's transaction."""
        detail = asdict(self.identity) | {"hears": hears, "beat_seconds": self.beat_seconds}
        processes.give(s, Sign(self.id, self.clock(), detail))

    def leave(self, s: Session) -> None:
        """The last act: the others need not wait."""
        processes.remove(s, [self.id])

    def look(self) -> None:
        """See who else is there; at most once a second. Raises LoaError when the database does not answer."""
        now = self.monotonic()
        if now - self._looked_at < LOOK_SECONDS:
            return
        self._looked_at = now
        with self.database.reading() as s:
            found = [each for each in processes.read(s) if each.process != self.id]
        self._note(found, now)
        hearing = tuple(each.process for each in found if each.process in self._alive and each.detail.get("hears"))
        if hearing != self._others:
            self._others = hearing
            self.on_change()

    def _note(self, found: Sequence[Sign], now: float) -> None:
        known, alive, ended = {}, set(), set()
        for sign in found:
            before = self._known.get(sign.process)
            seen = known[sign.process] = before if before and before.sign.at == sign.at else _Seen(sign, now)
            silent_seconds = now - seen.since
            if identity_of(sign).has_ended(self.identity) or silent_seconds >= FORGOTTEN_SECONDS:
                ended.add(sign.process)
            elif silent_seconds < MISSED * float(sign.detail.get("beat_seconds", ALONE_SECONDS)):
                alive.add(sign.process)
        self._known, self._alive = known, frozenset(alive)
        if ended:
            with self.database.session(gives_way=True) as s:
                processes.remove(s, ended)


def identity_of(sign: Sign) -> ProcessIdentity:
    """Whose it is."""
    said = sign.detail
    return ProcessIdentity(**{each.name: said.get(each.name, "") for each in fields(ProcessIdentity)})


def _weight(process: str, node: str) -> bytes:
    """Of all processes the one with the highest takes the node: when one comes or goes, only its own nodes move."""
    return hashlib.blake2b(f"{process} {node}".encode(), digest_size=8).digest()


def _machine() -> str:
    try:
        return _MACHINE_ID.read_text().strip()
    except OSError:
        return ""


def _pid_space() -> str:
    try:
        return str((_PROC / "self/ns/pid").readlink())
    except OSError:
        return ""


def _started(pid: int) -> str:
    """When the process began, in the kernel's ticks; empty when there is none or it is only still to be waited for."""
    try:
        after = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if after[0] in ("Z", "X") else after[19]
