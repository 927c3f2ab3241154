"""Mosquitto as a child of the station."""

import fcntl
import logging
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import IO

from broadcaster.delivery.broker.access import STATION_USER, BrokerAccess
from broadcaster.delivery.broker.credentials import Credential
from broadcaster.delivery.broker.mosquitto_files import MosquittoFiles
from broadcaster.delivery.broker.sockets import accepts, many_allowed, refuse_taken
from broadcaster.errors import Unavailable
from broadcaster.station.nodes.credentials import hash_password

log = logging.getLogger(__name__)

START_SECONDS = 10.0
STOP_SECONDS = 5.0
RESTART_SECONDS = 1.0
_UNREADABLE = ("persistent database", "Couldn't open database")
"""What Mosquitto says of a memory that it cannot read: the first of most damages, the second alone of some cuts."""
RELOAD_SECONDS = 0.5
"""By then the broker has taken note of a reload; it looks several times a second."""


def executable() -> str | None:
    """Where Mosquitto is installed; Debian keeps it outside an ordinary user's path."""
    return shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/local/bin")


class Mosquitto:
    """Writes the configuration, keeps the process running, and reloads it when the accounts change.

    Of several stations on one data folder only the first runs it; the others join, and one of them takes over when
    the first is gone.
    """

    kind = "mosquitto"

    def __init__(
        self,
        *,
        folder: Path,
        access: BrokerAccess,
        station: str,
        certificate: Callable[[], Path] | None = None,
        plain_port: int = 0,
    ) -> None:
        """``certificate``: sees to it that the PEM file is sound and says where it is; None for clear text.
        ``plain_port``: in clear text besides."""
        self._certificate = certificate
        self._files = MosquittoFiles(
            folder=folder.absolute(),
            host=access.host,
            port=access.port,
            station=station,
            certificate=certificate() if certificate else None,
            plain_port=plain_port,
        )
        self.access = replace(access, socket=self._files.socket)
        self._own = Credential(username=STATION_USER, password_hash=hash_password(access.password))
        self._nodes: tuple[Credential, ...] = ()
        self._lock: IO[bytes] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()
        self._keeper: threading.Thread | None = None

    def start(self) -> None:
        self._stopping.clear()
        if self._is_ours():
            try:
                self._open()
            except Unavailable:
                self._release()
                raise
        else:
            log.warning("another station on %s runs the broker already; this one joins it", self._files.folder)
        self._keeper = threading.Thread(target=self._keep, name="mosquitto-keeper", daemon=True)
        self._keeper.start()

    def stop(self) -> None:
        self._stopping.set()
        _end(self._process)
        if self._keeper is not None:
            self._keeper.join(STOP_SECONDS)
        _end(self._process)
        self._process = None
        if self._lock is not None:
            self._files.pid.unlink(missing_ok=True)
        self._release()

    def apply(self, credentials: Iterable[Credential]) -> None:
        before, self._nodes = {each.username: each for each in self._nodes}, tuple(credentials)
        unchanged = [each for each in self._nodes if before.get(each.username, each) == each]
        changed = len(unchanged) < len(self._nodes)
        if changed and self._load(unchanged):
            time.sleep(RELOAD_SECONDS)  # a reload only cuts off names that are gone, not passwords that are
        self._load(self._nodes)

    def look_at_certificate(self) -> None:
        if self._certificate is None or self._process is None:
            return
        self._certificate()
        if self._files.write_certificate():
            self._process.send_signal(signal.SIGHUP)

    def _load(self, nodes: Iterable[Credential]) -> bool:
        """Have the broker take these accounts; False when there is nothing new."""
        if self._process is None or not self._files.write_accounts((self._own, *nodes)):
            return False
        self._process.send_signal(signal.SIGHUP)
        return True

    def _is_ours(self) -> bool:
        """Whether this process holds the folder's lock, which ends with the process, however it ends."""
        self._files.folder.mkdir(parents=True, exist_ok=True)
        lock = (self._files.folder / "lock").open("wb")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        self._lock = lock
        return True

    def _open(self) -> None:
        self._files.write((self._own, *self._nodes))
        _end_orphan(self._files)
        refuse_taken(self.access.host, self.access.port)
        self._launch()
        try:
            self._await_ready()
        except Unavailable:
            if not self._set_memory_aside():
                raise
            self._launch()
            self._await_ready()

    def _launch(self) -> None:
        program = executable()
        if program is None:
            raise Unavailable("broker.mosquitto_missing")
        with (self._files.folder / "log").open("wb") as output, many_allowed():
            self._process = subprocess.Popen(  # noqa: S603  # our own configuration, no shell
                [program, "-c", str(self._files.configuration)],
                cwd=self._files.folder,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self._files.pid.write_text(str(self._process.pid), encoding="ascii")

    @property
    def _ports(self) -> list[int]:
        return [port for port in (self.access.port, self._files.plain_port) if port]

    def _await_ready(self) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if self._process is None or self._process.poll() is not None:
                break
            if all(accepts(self.access.host, port) for port in self._ports):
                return
            time.sleep(0.02)
        _end(self._process)
        self._process = None
        raise Unavailable("broker.mosquitto_not_started", cause=self._last_words())

    def _keep(self) -> None:
        """The broker is a pipe: when it dies, a new one and a reconciliation make good what it forgot."""
        while not self._stopping.is_set():
            if self._process is not None:
                code = self._process.wait()
                if self._stopping.wait(RESTART_SECONDS):
                    return
                log.error("Mosquitto ended with code %s and is started again: %s", code, self._last_words())
                self._launch_again()
            elif self._is_ours():
                self._take_over()
            else:
                self._stopping.wait(RESTART_SECONDS)

    def _set_memory_aside(self) -> bool:
        """What the broker kept and cannot read any more is published again by the station and the nodes."""
        words = self._last_words()
        if not any(each in words for each in _UNREADABLE) or not self._files.memory.exists():
            return False
        self._files.memory.replace(self._files.memory.with_suffix(".broken"))
        log.warning("the broker's memory was damaged and is set aside; the station tells it everything again")
        return True

    def _launch_again(self) -> None:
        self._set_memory_aside()
        try:
            self._launch()
        except Unavailable as error:
            log.error("%s", error)  # being upgraded, perhaps: the next round tries again

    def _take_over(self) -> None:
        log.warning("the station that ran the broker is gone; this one runs it from now on")
        try:
            self._open()
        except Unavailable as error:
            log.error("%s", error)
            self._release()
            self._stopping.wait(RESTART_SECONDS)

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _last_words(self) -> str:
        lines = (self._files.folder / "log").read_text(encoding="utf-8", errors="replace").splitlines()
        return "; ".join(lines[-3:])


def _end(process: subprocess.Popen[bytes] | None) -> None:
    if process is None or process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _end_orphan(files: MosquittoFiles) -> None:
    """A station that was killed leaves its Mosquitto behind, holding the port. It is known by its command line, as it
    may have been killed before it noted the number."""
    pid = _running_with(files.configuration)
    if pid is None:
        return
    log.warning("ending the Mosquitto %d that an earlier station left behind", pid)
    os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + STOP_SECONDS
    while Path(f"/proc/{pid}").exists() and time.monotonic() < until:
        time.sleep(0.02)


def _running_with(configuration: Path) -> int | None:
    """The process that was started with this file."""
    for commandline in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            program, *arguments = commandline.read_bytes().split(b"\0")
            if program.endswith(b"mosquitto") and str(configuration).encode() in arguments:
                return int(commandline.parent.name)
    return None
