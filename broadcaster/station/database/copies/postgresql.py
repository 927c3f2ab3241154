"""A PostgreSQL database in one file by ``pg_dump``, read to its end by ``pg_restore``, and put back."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from sqlalchemy import URL, create_engine, inspect, make_url
from sqlalchemy.exc import OperationalError

from broadcaster.errors import Invalid, Unavailable
from broadcaster.station.database.copies.facts import TABLE_OF_REVISION, DatabaseFacts, require_known

LOOK_SECONDS = 0.2
_TABLE = re.compile(rb'^COPY (?:\w+\.)?"?(\w+)"? \(.*\) FROM stdin;$')


def dump(url: str, path: Path, *, check: Callable[[], None] = lambda: None) -> None:
    """Write what the database holds now into ``path``. Raises Unavailable."""
    _run(["pg_dump", "--format=custom", "--no-owner", f"--file={path}"], url, check=check)


def facts(path: Path) -> DatabaseFacts:
    """Of a dump that can be read to its end: every row of every table passes by. Raises Invalid, Unavailable."""
    command = [_tool("pg_restore"), "--file=-", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as reading:  # noqa: S603 - a tool of the system
        if reading.stdout is None or reading.stderr is None:
            raise Unavailable("backup.tool_failed", tool="pg_restore", cause="no pipe")
        counts, revision = _counted(reading.stdout)
        said = reading.stderr.read()
    if reading.returncode:
        raise Invalid("backup.database_broken", cause=_last_line(said))
    return DatabaseFacts("postgresql", require_known(revision, path), counts)


def put_back(url: str, path: Path) -> None:
    """Replace what the database holds by the dump, wholly or not at all. Raises Unavailable."""
    options = ["--clean", "--if-exists", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    _run(["pg_restore", *options, f"--dbname={make_url(url).database}", str(path)], url)


def holds_station(url: str) -> bool:
    """Whether a station's tables are there already. Raises Unavailable when it does not answer."""
    try:
        engine = create_engine(url, connect_args={"connect_timeout": 10})
        try:
            return inspect(engine).has_table(TABLE_OF_REVISION)
        finally:
            engine.dispose()
    except OperationalError:
        raise Unavailable("database.no_answer") from None


def _counted(lines: Iterable[bytes]) -> tuple[dict[str, int], str | None]:
    counts: dict[str, int] = {}
    table, revision = "", None
    for line in lines:
        if table and line == b"\\.\n":
            table = ""
        elif table:
            counts[table] += 1
            if table == TABLE_OF_REVISION:
                revision = line.decode().strip()
        elif (begins := _TABLE.match(line.rstrip(b"\n"))) is not None:
            table = begins[1].decode()
            counts[table] = 0
    return counts, revision


def _run(command: list[str], url: str, *, check: Callable[[], None] = lambda: None) -> None:
    """The password goes through the environment: a command line can be read by everybody on the machine."""
    tool, *arguments = command
    environment = os.environ | _account(make_url(url))
    running = subprocess.Popen(  # noqa: S603 - a tool of the system's, arguments of our own
        [_tool(tool), *arguments, "--no-password"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        _await(running, check)
        said = running.stderr.read() if running.stderr else b""
    finally:
        if running.poll() is None:
            running.kill()
        running.communicate()
    if running.returncode:
        raise Unavailable("backup.tool_failed", tool=tool, cause=_last_line(said))


def _await(running: "subprocess.Popen[bytes]", check: Callable[[], None]) -> None:
    while running.poll() is None:
        check()
        time.sleep(LOOK_SECONDS)


def _account(url: URL) -> dict[str, str]:
    given = {
        "PGHOST": url.host,
        "PGPORT": url.port and str(url.port),
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
        "PGCONNECT_TIMEOUT": "10",
    }
    return {name: str(value) for name, value in given.items() if value}


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise Unavailable("backup.tool_missing", tool=name)
    return found


def _last_line(said: bytes) -> str:
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1][:300] if lines else "?"
