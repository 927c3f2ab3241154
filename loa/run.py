"""``loa run``: everything on this machine, as the same processes that systemd would run, watched and started again."""

import argparse
import http.client
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from broadcaster import config as configuration
from broadcaster.certificates.listeners import console_is_encrypted, require_encrypted
from broadcaster.config import Config
from broadcaster.delivery.broker.choice import choose
from broadcaster.delivery.broker.sockets import reachable
from broadcaster.errors import LoaError, Unavailable
from broadcaster.refusals.sentences import terminal_line
from broadcaster.station.database.engine import Database
from broadcaster.station.rows import heartbeats
from broadcaster.station.upkeep.opening import open_current
from loa.children import Child
from loa.first_start import FirstStart, check_ports, hold_data_dir, settle_in
from loa.progress import Progress
from loa.welcome import welcome
from speaker_node.setup.pinned_tls import unproven_context

READY_SECONDS = 60.0
NAMES = {"station": "đài (broker, lịch, giọng đọc)", "web": "bàn điều khiển"}
WATCH_SECONDS = 0.5


def run(argv: Sequence[str]) -> int:
    """``loa run [--demo]``. Exit code 0 after Ctrl-C, 1 when something could not start, 2 on a wrong configuration."""
    parser = argparse.ArgumentParser(prog="loa run", description="Chạy cả hệ thống trên máy này.")
    parser.add_argument("--config", type=Path, help="tệp cấu hình; mặc định là config.yaml trong thư mục hiện tại")
    parser.add_argument("--demo", action="store_true", help="một xã mẫu với ba cụm loa ảo")
    arguments = parser.parse_args(argv)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        config = configuration.load(arguments.config)
        with ExitStack() as parts:
            _run(config, source=arguments.config, demo=arguments.demo, parts=parts, stop=stop)
    except LoaError as error:
        print(f"Không chạy được: {terminal_line(error)}", file=sys.stderr)
        return 2 if error.field else 1
    print("Đã dừng. Dữ liệu vẫn còn nguyên; chạy lại là tiếp tục.", flush=True)
    return 0


def _run(config: Config, *, source: Path | None, demo: bool, parts: ExitStack, stop: threading.Event) -> None:
    progress = Progress()
    require_encrypted(config)
    progress.step(f"Mở dữ liệu trong {config.data_dir.absolute()}")
    hold_data_dir(config, parts)
    check_ports(config)
    broker = choose(config)
    database = open_current(config)
    parts.callback(database.dispose)
    household = settle_in(config, database, broker.access, demo=demo)
    children = _children(config, household, source)
    start = StartOfAll(config, database, progress, stop, datetime.now(UTC))
    services, nodes = children[:2], children[2:]
    for group in (services, nodes):
        for child in group:
            start.begin(child, parts)
        for child in group:
            start.await_ready(child)
    if not stop.is_set():
        print(welcome(config, household, broker_kind=broker.kind), flush=True)
    while not stop.wait(WATCH_SECONDS):
        for child in children:
            child.keep_alive()
    print("\nĐang dừng…", flush=True)


def _children(config: Config, household: FirstStart, source: Path | None) -> list[Child]:
    """In the order in which they start: who is needed comes first."""
    options = ("--config", str(source.absolute())) if source else ()
    logs = config.data_dir.absolute() / "log"
    return [
        Child("station", ("station", *options), logs),
        Child("web", ("web", *options), logs),
        *(Child(f"node-{node.id}", node.command, logs) for node in household.nodes),
    ]


@dataclass(frozen=True, slots=True)
class StartOfAll:
    """Starts children and says what it waits for; ``since``: signs of life from before this are another start's."""

    config: Config
    database: Database
    progress: Progress
    stop: threading.Event
    since: datetime

    def begin(self, child: Child, parts: ExitStack) -> None:
        """Without waiting for it."""
        if self.stop.is_set():
            return
        self.progress.step(f"Khởi động {NAMES.get(child.name, child.name.replace('node-', 'cụm loa ảo '))}")
        child.start()
        parts.callback(child.stop)

    def await_ready(self, child: Child) -> None:
        """Raises Unavailable when it ends or is not ready in time."""
        signs: dict[str, Callable[[], str]] = {
            "station": lambda: _station_lacks(self.database, self.since),
            "web": lambda: "" if _web_answers(self.config) else "bàn điều khiển trả lời",
        }
        if child.name in signs:
            self._await(child, signs[child.name])

    def _await(self, child: Child, lacking: Callable[[], str]) -> None:
        """``lacking``: what is still missing, empty when it is ready."""
        deadline = time.monotonic() + READY_SECONDS
        while not self.stop.is_set() and (missing := lacking()):
            if not child.alive():
                raise Unavailable.of(child.last_words())
            if time.monotonic() > deadline:
                raise Unavailable("process.not_ready", process=child.name, seconds=round(READY_SECONDS), log=child.log)
            self.progress.waiting(missing)
            self.stop.wait(0.1)


def _station_lacks(database: Database, since: datetime) -> str:
    with database.reading() as s:
        beats = heartbeats.read(s)
    for name, what in (("publisher", "bộ chuyển tin mở cửa"), ("station", "đài báo đã chạy")):
        if name not in beats or beats[name].at < since:
            return what
    return "" if beats["publisher"].detail.get("connected") else "đài nối với broker"


def _web_answers(config: Config) -> bool:
    host, port = reachable(config.web.host), config.web.port
    connection: http.client.HTTPConnection
    if console_is_encrypted(config):
        # our own child is asked how it is, and nothing is told to it
        connection = http.client.HTTPSConnection(host, port, timeout=2, context=unproven_context())
    else:
        connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/api/v1/health")
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()
