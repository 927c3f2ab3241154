"""A PostgreSQL cluster of one's own: in a temporary folder, on a free port, gone afterwards.

Its driver is imported where it is used: the fast gate reads this file and has no use for a database.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

ACCOUNT = "postgres"
START_SECONDS = 120


def missing() -> str | None:
    """Why there can be no cluster here, in one line; None when there can."""
    if _folder() is None:
        return "PostgreSQL is not installed (apt install postgresql): its half of the station's tests is left out"
    if os.geteuid() == 0 and not (shutil.which("setpriv") and _account()):
        return "PostgreSQL refuses to run as root and there is no account postgres to run it as"
    return None


class Cluster:
    """``with Cluster() as cluster: cluster.create("name")`` gives the SQLAlchemy URL of a new database."""

    def __init__(self) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="loa-postgres-"))
        self._port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Cluster":
        if os.geteuid() == 0:
            account = pwd.getpwnam(ACCOUNT)
            os.chown(self._home, account.pw_uid, account.pw_gid)
        data = str(self._home / "data")
        self._run("initdb", "-D", data, "-U", ACCOUNT, "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        options = ["fsync=off", "max_connections=120", f"unix_socket_directories={self._home}"]
        options += ["listen_addresses=127.0.0.1", f"port={self._port}", "shared_buffers=32MB"]
        options += [
            "synchronous_commit=off",
            "full_page_writes=off",
            "wal_level=minimal",
            "max_wal_senders=0",
            "jit=off",
        ]
        settings = [part for option in options for part in ("-c", option)]
        self._process = subprocess.Popen(
            _command("postgres", "-D", data, *settings), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._await_ready()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(timeout=120)
        shutil.rmtree(self._home, ignore_errors=True)

    def create(self, name: str = "", *, template: str = "template0") -> str:
        """A new database, a copy of ``template``; its URL."""
        made = name or f"loa_{secrets.token_hex(6)}"
        self._admin(f'CREATE DATABASE "{made}" TEMPLATE "{template}"')
        return f"postgresql+psycopg://{ACCOUNT}@127.0.0.1:{self._port}/{made}"

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected to it."""
        name = url.rpartition("/")[2]
        self._admin(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _admin(self, statement: str) -> None:
        import psycopg

        address = f"host=127.0.0.1 port={self._port} user={ACCOUNT} dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement.encode())

    def _await_ready(self) -> None:
        from psycopg import OperationalError

        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            try:
                self._admin("SELECT 1")
            except OperationalError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError(f"PostgreSQL did not start within {START_SECONDS} s")

    def _run(self, *command: str) -> None:
        subprocess.run(_command(*command), check=True, capture_output=True)


def _command(program: str, *arguments: str) -> list[str]:
    folder = _folder()
    assert folder is not None
    own = [str(folder / program), *arguments]
    if os.geteuid() != 0:
        return own
    return ["setpriv", f"--reuid={ACCOUNT}", f"--regid={ACCOUNT}", "--clear-groups", *own]


def _folder() -> Path | None:
    """Debian keeps the server's programs out of PATH."""
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    found = shutil.which("postgres")
    candidates += [Path(found).parent] if found else []
    return next((path for path in reversed(candidates) if (path / "initdb").exists()), None)


def _account() -> bool:
    try:
        pwd.getpwnam(ACCOUNT)
    except KeyError:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
