"""``loa access``: who may do what, as the console's own routes decide it. Needs neither station nor database."""

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from broadcaster.config import Config
from broadcaster.station.database.engine import Database
from broadcaster.station.vocabulary.states import Role
from web.access.matrix import Relation, Route, as_json, routes
from web.app import create_app

YES, NO = "x", "."


def main(argv: Sequence[str]) -> int:
    what = "Ai được làm gì, ở đâu: đúng như chương trình quyết định."
    made = argparse.ArgumentParser(prog="loa access", description=what)
    made.add_argument("--json", action="store_true", help="cả ma trận cho chương trình đọc")
    asked = made.parse_args(argv)
    found = known_routes()
    print(json.dumps(as_json(found), ensure_ascii=False, indent=1) if asked.json else "\n".join(_lines(found)))
    return 0


def known_routes() -> list[Route]:
    """The routes of a console that was put together for this alone."""
    with tempfile.TemporaryDirectory() as folder:
        config = Config(data_dir=Path(folder))
        database = Database(config.database_url)
        app = create_app(config, database)
        app.extensions["loa"].watcher.stop()
        database.dispose()
        return routes(app)


def _lines(found: Sequence[Route]) -> Iterator[str]:
    """For each role one mark for each relation."""
    yield f"{'':62} " + " ".join(f"{role:13}" for role in Role)
    yield f"{', '.join(Relation):62}"
    for route in found:
        marks = ("".join(YES if route.allows(role, relation) else NO for relation in Relation) for role in Role)
        yield f"{route.method + ' ' + route.path:62} " + " ".join(f"{each:13}" for each in marks)
