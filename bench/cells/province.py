"""How quickly the pages of a level above answer with 100 communes of 20 nodes and three months of announcements.

``python -m bench.cells.province [--communes 100] [--nodes 20] [--days 90]
[--rounds 40]``. One request at a time through waitress, beside a file that the same server sends as it is.
"""

import argparse
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from bench import web as console
from broadcaster.config import Config
from broadcaster.station.database.engine import Database
from broadcaster.station.people import people
from broadcaster.station.rows import settings
from broadcaster.station.schema import ProvinceCommune, ProvinceItem, ProvinceOffer, ProvincePlay, new_id
from broadcaster.station.upkeep import demo
from tests.browser.rig import tour
from web.app import create_app


def fill(database: Database, *, communes: int, nodes: int, days: int) -> str:
    """One item a day for everybody, played by every node; the id of the latest."""
    now_at = datetime.now(UTC)
    with database.session() as s:
        demo.seed(s, now_at=now_at)
        settings.write(s, "level", "province")
        officer = people.find(s, "canbo")
        assert officer
        s.execute(insert(ProvinceCommune), [_commune(number, nodes, days, now_at) for number in range(communes)])
        latest = ""
        for day in range(days, 0, -1):
            latest = _day(s, officer.id, days - day + 1, now_at - timedelta(days=day), communes, nodes)
        return latest


def _commune(number: int, nodes: int, days: int, now_at: datetime) -> dict[str, Any]:
    return {
        "id": f"xa-{number}",
        "name": f"Xã {number}",
        "key": "ab" * 32,
        "added_at": now_at,
        "joined_at": now_at,
        "head": days,
        "head_mark": "",
        "reports_head": 0,
        "seen_at": now_at - timedelta(minutes=30 if number % 20 == 0 else 0),
        "nodes": [
            {
                "node": f"loa-{each}",
                "name": f"Loa {each}",
                "unit": f"Thôn {each}",
                "seen_at": now_at.isoformat(),
                "silent": each % 7 == 0,
            }
            for each in range(nodes)
        ],
        "nodes_at": now_at,
    }


def _day(s: Session, officer: str, number: int, at: datetime, communes: int, nodes: int) -> str:
    item, broadcast = new_id(), new_id()
    row = ProvinceItem(
        id=item,
        title=f"Bản tin {number}",
        text="Kính thưa bà con. " * 40,
        broadcast_class="routine",
        communes=[f"xa-{each}" for each in range(communes)],
        composed_by_id=officer,
        composed_at=at,
        released_by_id=officer,
        released_at=at,
    )
    s.add(row)
    s.flush()
    s.execute(insert(ProvinceOffer), [_offer(item, f"xa-{each}", number, at, nodes) for each in range(communes)])
    plays = [
        {
            "commune_id": f"xa-{commune}",
            "broadcast": f"{broadcast}",
            "node": f"loa-{node}",
            "item": item,
            "node_name": f"Loa {node}",
            "number": number,
            "at": at,
            "state": "played" if node % 9 else "missed",
            "seconds": 60 if node % 9 else 0,
            "requested_seconds": 60,
        }
        for commune in range(communes)
        for node in range(nodes)
    ]
    s.execute(insert(ProvincePlay), plays)
    return item


def _offer(item: str, commune: str, number: int, at: datetime, nodes: int) -> dict[str, Any]:
    return {
        "item_id": item,
        "commune_id": commune,
        "number": number,
        "previous": "ab" * 32,
        "token": "x" * 2_000,
        "issued_at": at,
        "state": "taken",
        "received_at": at,
        "planned_at": at,
        "planned_nodes": nodes,
        "nodes_played": nodes - 3,
        "nodes_failed": 3,
        "seconds": 60 * nodes,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, value in (("communes", 100), ("nodes", 20), ("days", 90), ("rounds", 40)):
        parser.add_argument(f"--{name}", type=int, default=value)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        config = Config(data_dir=Path(folder))
        database = Database(config.database_url)
        database.migrate()
        latest = fill(database, communes=asked.communes, nodes=asked.nodes, days=asked.days)
        app = create_app(config, database)
        cookie = tour.signed_in(app, database, "chutich").get_cookie("loa_session")
        assert cookie
        pages = (
            "/static/shell/console.css",
            "/province",
            "/province/wall",
            "/province/months",
            "/province/months/month.xlsx",
            "/province/communes",
            f"/province/items/{latest}",
        )
        with console.serving(app) as address:
            print(f"{asked.communes} communes × {asked.nodes} nodes, {asked.days} days")
            for page in pages:
                row = console.measure(address, page, f"loa_session={cookie.value}", asked.rounds)
                name = page.replace(latest, "{id}")
                print(f"{name:32} median {row.median_ms:6.1f} ms  p95 {row.p95_ms:6.1f} ms  {row.size_bytes:8,} bytes")
        database.dispose()


if __name__ == "__main__":
    main()
