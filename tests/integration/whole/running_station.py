"""A whole house started as a newcomer starts it: `loa run --demo`, on free ports, in an empty folder."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from broadcaster.station.database.engine import Database
from broadcaster.station.emergencies import phrasebook
from broadcaster.station.rows import settings as settings_of
from broadcaster.station.schema import RenderJob
from broadcaster.station.vocabulary.states import JobState
from tests.rig.running.busy import stretched

STARTED = "Nhấn Ctrl-C để dừng."
START_SECONDS = 200.0
PATIENCE_SECONDS = 240.0


@dataclass
class Answer:
    """status: of the HTTP answer; body: its JSON."""

    status: int
    body: Any


@dataclass
class RunningStation:
    """data_dir: of this run; port: of the console; environ: the settings; words: what the start printed."""

    data_dir: Path
    port: int
    environ: dict[str, str]
    process: "subprocess.Popen[str]"
    words: str = ""
    tokens: dict[str, str] = field(default_factory=dict)

    def loa(self, *arguments: str) -> str:
        """Output of a ``loa`` command against this house."""
        answer = subprocess.run(
            [sys.executable, "-m", "loa", *arguments], env=self.environ, capture_output=True, text=True
        )
        assert answer.returncode == 0, answer.stderr
        return answer.stdout

    def token(self, username: str) -> str:
        if username not in self.tokens:
            said = self.loa("tokens", "add", "--user", username, "--name", "test")
            found = re.search(r"loa_[A-Za-z0-9_-]+", said)
            assert found, said
            self.tokens[username] = found.group()
        return self.tokens[username]

    def ask(
        self, method: str, path: str, body: Any = None, *, by: str | None = None, token: str | None = None
    ) -> Answer:
        """One call of the API, as ``by`` or with a raw ``token``."""
        headers = {"Content-Type": "application/json"}
        if by or token:
            headers["Authorization"] = f"Bearer {token or self.token(by or '')}"
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers=headers,
            method=method,
        )
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return Answer(answer.status, json.loads(answer.read() or b"null"))
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, json.loads(error.read() or b"null"))

    def at_leisure(self) -> bool:
        """The ready texts of a new station are in its book, and no clip is being made."""
        database = Database(f"sqlite:///{self.data_dir}/loa.db")
        try:
            with database.reading() as s:
                waiting = s.query(RenderJob).filter(RenderJob.state.in_((JobState.QUEUED, JobState.RUNNING))).count()
                return not waiting and settings_of.read(s, phrasebook.SHIPPED) is True
        finally:
            database.dispose()

    def stop(self) -> int:
        """Ctrl-C; the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(120)


def until(fact: Callable[[], Any], *, what: str, seconds: float = PATIENCE_SECONDS) -> Any:
    """The first true answer of ``fact``; fails with ``what`` was waited for."""
    began = time.monotonic()
    while time.monotonic() - began < stretched(seconds):
        if found := fact():
            return found
        time.sleep(0.1)
    raise AssertionError(f"waited {seconds} s for {what}; last answer: {fact()}")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def settings(data_dir: Path, **more: str) -> dict[str, str]:
    """The environment of a house of its own: offline voice, free ports, nothing outside ``data_dir``."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("LOA_")}
    ours = {
        "LOA_DATA_DIR": str(data_dir),
        "LOA_WEB__PORT": str(free_port()),
        "LOA_BROKER__PORT": str(free_port()),
        "LOA_SPEECH__ENGINES": "[espeak]",
        "PYTHONUNBUFFERED": "1",
    }
    return plain | ours | more


def without_ready_texts(data_dir: Path) -> Path:
    """The folder of a station that was given its ready texts before: it makes no clips of them while others listen."""
    database = Database(f"sqlite:///{data_dir}/loa.db")
    database.migrate()
    with database.session() as s:
        settings_of.write(s, phrasebook.SHIPPED, True)
    database.dispose()
    return data_dir


@contextmanager
def running(data_dir: Path, environ: dict[str, str] | None = None, *options: str) -> Iterator[RunningStation]:
    """The house, ready; stopped (and killed if it must be) at the end."""
    environ = environ or settings(data_dir)
    process = subprocess.Popen(
        [sys.executable, "-m", "loa", "run", *(options or ("--demo",))],
        env=environ, cwd=Path(__file__).parents[3], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    station = RunningStation(data_dir, int(environ["LOA_WEB__PORT"]), environ, process)
    try:
        assert process.stdout
        deadline = time.monotonic() + START_SECONDS
        while STARTED not in station.words and time.monotonic() < deadline:
            line = process.stdout.readline()
            station.words += line
            assert line, f"the house ended while starting:\n{station.words}"
        yield station
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(120)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        assert process.stdout
        process.stdout.close()
