"""``loa province`` and a commune's ``loa station``, two processes that speak TLS by the province's own authority."""

from __future__ import annotations

import json
import os
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import certifi
import pytest

from broadcaster.protocol.exchange.messages import ExchangeCode
from broadcaster.station.emergencies import phrasebook
from broadcaster.station.people import tokens
from broadcaster.station.rows import backup_states, settings
from tests.rig.exchange.sites import Lower, Planted, Site
from tests.rig.lines.wiretap import Wiretap
from tests.rig.mosquitto import free_port
from tests.rig.running.busy import await_fact, stretched

pytestmark = [pytest.mark.integration, pytest.mark.long]
ROOT = Path(__file__).parents[3]
PATIENCE_SECONDS = 60.0
AT_ONCE_SECONDS = 2.0
"""From the press to an emergency's place in the commune's database."""


@contextmanager
def running(command: str, site: Site, **more: str) -> Iterator[None]:
    """``loa COMMAND`` for this place, in a process of its own."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("LOA_")}
    ours = {
        "LOA_DATA_DIR": str(site.config.data_dir),
        "LOA_STATION__ID": site.config.station.id,
        "LOA_SPEECH__ENGINES": "[espeak]",
        "LOA_BROKER__PORT": str(free_port()),
        "LOA_ENROLMENT__PORT": "0",
        "REQUESTS_CA_BUNDLE": certifi.where(),  # as administrators set it; the pin holds all the same
    }
    with (site.config.data_dir / "process.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "loa", command], env=plain | ours | more, cwd=ROOT, stdout=log, stderr=log
        )
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


class Console:
    """The province's API over https, by the certificate authority in its own folder."""

    def __init__(self, site: Site, port: int) -> None:
        self._site, self._url = site, f"https://127.0.0.1:{port}/api/v1"
        self._tokens: dict[str, str] = {}

    def ask(self, method: str, path: str, body: Any = None, *, by: str = "quantri") -> Any:
        authority = self._site.config.data_dir / "certificates" / "authority.pem"
        request = urllib.request.Request(
            self._url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self._token(by)}", "Content-Type": "application/json"},
        )
        trust = ssl.create_default_context(cafile=str(authority))
        with urllib.request.urlopen(request, timeout=60, context=trust) as answer:
            return json.loads(answer.read() or b"null")

    def send(self, **written: Any) -> str:
        """Composed by one person, released by another; the item's id."""
        made: str = self.ask("POST", "/province/items", {"text": "Mời bà con.", **written}, by="canbo")["id"]
        self.ask("POST", f"/province/items/{made}/release", by="chutich")
        return made

    def state(self, item: str) -> str:
        """What the commune said of it last."""
        (offer,) = self.ask("GET", f"/province/items/{item}")["offers"]
        return str(offer["state"])

    def _token(self, username: str) -> str:
        if username not in self._tokens:
            with self._site.database.session() as s:
                by = self._site.person(s, username)
                self._tokens[username] = tokens.add_token(s, person=by, name="test", now_at=self._site.clock())
        return self._tokens[username]


class Line:
    """What lies between the two, on one port for the whole test: whole or cut."""

    def __init__(self, target: int) -> None:
        self._target, self._tap = target, ExitStack()
        self.port = self._tap.enter_context(Wiretap(target)).port

    def cut(self) -> None:
        self._tap.close()

    def mend(self) -> None:
        self._tap.enter_context(Wiretap(self._target, self.port))


def answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def eventually(fact: Callable[[], Any], what: str) -> None:
    await_fact(fact, seconds=PATIENCE_SECONDS, what=what)


def titles(lower: Lower) -> list[str]:
    return [each.title for each in lower.offers()]


def seconds_down(console: Console, lower: Lower, title: str) -> float:
    """How long an emergency takes from its release to the commune's database."""
    began = time.monotonic()
    console.send(title=title, **{"class": "emergency"})
    while title not in titles(lower) and time.monotonic() - began < PATIENCE_SECONDS:
        time.sleep(0.02)
    return time.monotonic() - began


def test_an_announcement_goes_from_one_process_to_the_other_and_back_though_the_line_is_cut(
    planted: Planted, places: Path, below: Callable[[str], Lower]
) -> None:
    province = Site.at(planted, places / "thai-nguyen", "thai-nguyen", nodes_of_it=0)
    lower, port = below("con-minh"), free_port()
    with lower.database.session() as s:
        settings.write(s, phrasebook.SHIPPED, True)  # it makes no clips of ready texts meanwhile
    line = Line(port)
    listens = {"LOA_WEB__PORT": str(port), "LOA_WEB__ENCRYPTION": "always"}
    public = {"LOA_WEB__PUBLIC_URL": f"https://127.0.0.1:{line.port}"}
    with running("province", province, **listens, **public), running("station", lower):
        eventually(lambda: answers(port), "the province's port was open")
        console = Console(province, port)
        code = console.ask("POST", "/province/communes", {"name": "Côn Minh", "station": "con-minh"})["code"]
        lower.add(ExchangeCode.parse(code))
        eventually(lambda: lower.levels()[0].joined_at, "the commune had joined")
        assert (lower.levels()[0].upper, lower.levels()[0].url) == ("thai-nguyen", f"https://127.0.0.1:{line.port}")
        assert "BEGIN CERTIFICATE" in lower.levels()[0].authority_pem

        first = console.send(title="Tiêm chủng")
        eventually(lambda: titles(lower) == ["Tiêm chủng"], "the announcement was there")
        eventually(lambda: console.state(first) == "received", "its reception was reported")

        taken = []
        while len(taken) < 3 and min(taken, default=PATIENCE_SECONDS) > AT_ONCE_SECONDS:
            taken.append(seconds_down(console, lower, f"Lũ quét {len(taken)}"))
        assert min(taken) <= stretched(AT_ONCE_SECONDS)

        eventually(lambda: console.ask("GET", "/health")["status"] == "ok", "the province was well")
        with province.database.reading() as s:
            assert backup_states.read(s) is not None  # its nightly backup is looked after

        line.cut()
        last = console.send(title="Cấm đường")
        eventually(lambda: lower.levels()[0].trouble is not None, "the commune saw that the line is cut")
        line.mend()
        eventually(lambda: titles(lower)[-1] == "Cấm đường", "what was sent meanwhile was there")
        eventually(lambda: console.state(last) == "received", "it was reported")
        assert titles(lower).count("Cấm đường") == 1
    province.database.dispose()
