"""How quickly the console answers with 100 nodes and a year of logs, beside a file the same server sends as it is.

``python -m bench.web [--days 365] [--nodes 100] [--rounds 40]``. One request at a time through waitress.
"""

import argparse
import statistics
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from broadcaster.config import Config, WebSettings
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes.nodes import add_node
from broadcaster.station.people import people
from broadcaster.station.programmes import slots
from broadcaster.station.rows import heartbeats
from broadcaster.station.schema import Announcement, Broadcast, Delivery, EmergencyOrder, Node, Person, new_id
from broadcaster.station.units import units
from broadcaster.station.upkeep import demo
from broadcaster.station.vocabulary.states import EmergencyMode
from scheduler import occurrences
from tests.browser.rig import tour
from web.app import create_app
from web.serve import listen, serve_on

MORE = ("/announcements?q=cắt+điện", "/log?page=20", "/log?q=bản+tin&state=completed", "/xa?page=2")
"""Besides every page there is."""
GOAL_MS, REPORTS_GOAL_MS = 100, 300
SLOTS, ANNOUNCEMENTS = 12, 8


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: the page, its times in ms, how much of them was work (not waiting), bytes on the wire."""

    page: str
    median_ms: float
    p95_ms: float
    work_ms: float
    size_bytes: int


def fill(database: Database, *, nodes: int, days: int) -> None:
    """A commune with so many nodes, so many days of two broadcasts each, everywhere, and a dozen slots."""
    now_at = datetime.now(UTC)
    with database.session() as s:
        demo.seed(s, now_at=now_at)
        hamlets = [unit for unit in units.tree(s) if unit.parent_id]
        node_ids = [
            add_node(s, name=f"Cụm {n}", unit_id=hamlets[n % len(hamlets)].id, by=None, now_at=now_at)[0].id
            for n in range(nodes)
        ]
        officer = people.find(s, "canbo")
        assert officer
        for name in ("station", "publisher", "renderer"):
            heartbeats.beat(s, name, now_at)
        for batch in range(days):
            _day(s, officer.id, node_ids, now_at - timedelta(days=batch + 1))
        for number in range(SLOTS):
            _slot(s, officer, number, now_at)
        occurrences.expand(s, now_at=now_at, horizon=timedelta(hours=48))


def _slot(s: Session, officer: Person, number: int, now_at: datetime) -> None:
    """A slot of the commune or of one hamlet, with what was written last in it."""
    rule = {"weekdays": list(range(7)), "times": [f"{6 + number:02}:{7 * number % 60:02}"], "holidays": "skip"}
    zones = ["con-minh" if number % 2 else "ban-cuon"]
    slot = slots.add_slot(s, name=f"Khung giờ {number}", rule=rule, zones=zones, by=officer, now_at=now_at)
    latest = select(Announcement).order_by(Announcement.created_at.desc()).limit(ANNOUNCEMENTS)
    for announcement in s.scalars(latest).unique().all():
        slots.put(s, slot=slot, announcement=announcement, first_on=now_at.date(), by=officer, now_at=now_at)


def _day(s: Session, officer: str, node_ids: list[str], at: datetime) -> None:
    announcement = new_id()
    s.execute(insert(Announcement), [_announcement(announcement, officer, at)])
    for hour in (5, 17):
        broadcast, start_at = new_id(), at.replace(hour=hour, minute=0)
        s.execute(insert(Broadcast), [_broadcast(broadcast, announcement, start_at)])
        s.execute(insert(Delivery), [_delivery(broadcast, node, start_at) for node in node_ids])


def _announcement(made: str, officer: str, at: datetime) -> dict[str, object]:
    words = "Kính thưa bà con, điện lực thông báo cắt điện. " * 20
    return {
        "id": made,
        "title": f"Bản tin ngày {at:%d/%m/%Y}",
        "text": words,
        "script": words,
        "broadcast_class": "routine",
        "state": "approved",
        "created_by_id": officer,
        "created_at": at,
        "updated_by_id": officer,
        "updated_at": at,
        "revision": 1,
        "doubts": [],
    }


def _broadcast(made: str, announcement: str, start_at: datetime) -> dict[str, object]:
    return {
        "id": made,
        "announcement_id": announcement,
        "title": f"Bản tin ngày {start_at:%d/%m/%Y}",
        "script": "Kính thưa bà con. " * 40,
        "text": "Kính thưa bà con. " * 40,
        "broadcast_class": "routine",
        "state": "completed",
        "start_at": start_at,
        "expires_at": start_at + timedelta(minutes=10),
        "duration_ms": 60_000,
        "content_hash": "0" * 64,
        "created_at": start_at,
    }


def _delivery(broadcast: str, node: str, start_at: datetime) -> dict[str, object]:
    return {
        "broadcast_id": broadcast,
        "node_id": node,
        "state": "played",
        "started_at": start_at,
        "ended_at": start_at + timedelta(minutes=1),
        "played_ms": 60_000,
        "updated_at": start_at,
    }


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    listening, stop = listen("127.0.0.1", 0), threading.Event()
    thread = threading.Thread(target=serve_on, args=(app, listening, stop))
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    stop.set()
    thread.join(timeout=10)


def every_page(app: Flask, database: Database) -> list[tuple[str, str]]:
    """Each page with the cookie of somebody who may see it, found in the application's own list of addresses."""
    cookies = {"": ""}
    for username in tour.WHO:
        cookie = tour.signed_in(app, database, username).get_cookie("loa_session")
        cookies[username] = f"loa_session={cookie.value}" if cookie else ""
    found = {page.path: cookies[page.username] for page in tour.pages(app, database, _samples(database))}
    return [*found.items(), *((path, cookies["chutich"]) for path in MORE)]


def _samples(database: Database) -> tour.Samples:
    """Something for each blank of an address, from the year that was filled in; what it does not have is not there."""
    with database.session() as s:
        [slot, *_rest] = slots.listing(s)
        officer, announcement = people.find(s, "canbo"), s.scalars(select(Announcement.id).limit(1)).one()
        assert officer
        order = EmergencyOrder(announcement_id=announcement, content_hash="0" * 64, drill=True, zones=["con-minh"])
        order.mode, order.asked_by_id = EmergencyMode.TWO_PEOPLE, officer.id
        order.asked_at, order.expires_at = datetime.now(UTC), datetime.now(UTC) + timedelta(minutes=10)
        s.add(order)
        s.flush()
        latest = select(Broadcast.id).order_by(Broadcast.start_at.desc()).limit(1)
        there = tour.ANYWHERE | {
            "announcement_id": [announcement],
            "broadcast_id": [s.scalars(latest).one()],
            "order_id": [order.id],
            "slot_id": [slot.id],
            "node_id": [s.scalars(select(Node.id).limit(1)).one()],
            "person_id": [officer.id],
            "unit_id": ["ban-cuon"],
            "at": [f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%dT05:00}"],
        }
        return defaultdict(lambda: ["khong-co"], there)


def measure(address: str, page: str, cookie: str, rounds: int, *, anew: bool = False) -> Row:
    """``anew``: each time under another name of the server, for which no shared page is at hand."""
    target = address + urllib.parse.quote(page, safe="/?=&+")
    times, work, size = [], [], 0
    for each in range(rounds + 3):
        headers = {"Cookie": cookie, "Accept-Encoding": "gzip"} | ({"Host": f"host-{each}.example"} if anew else {})
        request = urllib.request.Request(target, headers=headers)
        began, worked = time.perf_counter(), time.process_time()
        with urllib.request.urlopen(request) as answer:
            size = len(answer.read())
        if each >= 3:
            times.append((time.perf_counter() - began) * 1000)
            work.append((time.process_time() - worked) * 1000)
    p95_ms = sorted(times)[int(len(times) * 0.95)]
    return Row(f"{page} (anew)" if anew else page, statistics.median(times), p95_ms, statistics.median(work), size)


def table(address: str, pages: list[tuple[str, str]], rounds: int) -> None:
    print(f"{'page':<60}{'median ms':>10}{'p95 ms':>10}{'work ms':>10}{'bytes':>10}")
    for page, cookie in [("/static/shell/horn.svg", ""), ("/health", ""), *pages]:
        try:
            _print(measure(address, page, cookie, rounds))
        except urllib.error.HTTPError as refused:  # a second page of what fits on one
            print(f"{page:<60}{'answers ' + str(refused.code):>10}")
    for page in ("/xa", "/thon/ban-cuon"):
        _print(measure(address, page, "", rounds, anew=True))


def _print(row: Row) -> None:
    goal_ms = REPORTS_GOAL_MS if row.page.startswith("/reports") else GOAL_MS
    late = "  above the goal" if row.p95_ms > goal_ms else ""
    print(f"{row.page:<60}{row.median_ms:>10.1f}{row.p95_ms:>10.1f}{row.work_ms:>10.1f}{row.size_bytes:>10}{late}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--nodes", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=40)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        names = [f"host-{number}.example" for number in range(asked.rounds + 3)]
        config = Config(data_dir=Path(scratch), web=WebSettings(allowed_hosts=names))
        database = Database(config.database_url)
        database.migrate()
        fill(database, nodes=asked.nodes, days=asked.days)
        app = create_app(config, database)
        print(f"{asked.nodes} nodes, {asked.days * 2} broadcasts, {asked.days * 2 * asked.nodes} deliveries")
        with serving(app) as address:
            table(address, every_page(app, database), asked.rounds)
        database.dispose()


if __name__ == "__main__":
    main()
