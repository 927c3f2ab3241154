"""A level above with its console on a real port, and communes below it: each with a folder and a database."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import select

from broadcaster.config import Config, StationSettings
from broadcaster.exchange.link import Commune, UpperLink
from broadcaster.protocol.exchange.messages import ExchangeCode, key_fingerprint
from broadcaster.station.database.engine import Database
from broadcaster.station.exchange import upper_levels
from broadcaster.station.nodes import nodes
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.notices.sealing import Sealer
from broadcaster.station.people import people
from broadcaster.station.province import communes, items
from broadcaster.station.province.items import ItemFields
from broadcaster.station.schema import Person, ProvinceItem, ReceivedOffer, UpperLevel
from broadcaster.station.units import units

if TYPE_CHECKING:
    from flask import Flask

AT = datetime(2026, 11, 30, 13, 5, tzinfo=UTC)
PEOPLE = {"canbo": "officer", "chutich": "approver", "phochutich": "approver", "quantri": "administrator"}


@dataclass
class Clock:
    now_at: datetime = AT

    def __call__(self) -> datetime:
        return self.now_at

    def move(self, **by: float) -> None:
        self.now_at += timedelta(**by)


def plant(folder: Path, *, name: str, nodes_of_it: int) -> None:
    """A folder with the database of one place: its people, and nodes where it has some."""
    database = Database(f"sqlite:///{folder / 'loa.db'}")
    database.migrate()
    with database.session() as s:
        whole = units.add_unit(s, name=name, kind="commune", now_at=AT)
        for number in range(nodes_of_it):
            nodes.add_node(s, name=f"Loa {number + 1}", unit_id=whole.id, by=None, now_at=AT)
        for username, role in PEOPLE.items():
            people.add_person(
                s,
                username=username,
                full_name=username.title(),
                password=None,
                roles=[(whole.id, role)],
                by=None,
                now_at=AT,
            )
    database.dispose()


@dataclass
class Planted:
    """Folders to start from, each made once; apps: consoles by station, as making one takes longer than a test."""

    folder: Path
    apps: dict[str, Flask] = field(default_factory=dict)

    def copy(self, target: Path, *, nodes_of_it: int) -> None:
        source = self.folder / f"planted-{nodes_of_it}"
        if not source.exists():
            plant(source, name="Nơi thử", nodes_of_it=nodes_of_it)
        shutil.copytree(source, target)


@dataclass
class Site:
    """One place. config, database, identity: its own; clock: the only time there is."""

    config: Config
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.database = Database(self.config.database_url)
        self.identity = StationIdentity.load_or_create(self.config.data_dir, self.config.station.id)

    @classmethod
    def at(cls, planted: Planted, folder: Path, station: str, *, nodes_of_it: int) -> Self:
        planted.copy(folder, nodes_of_it=nodes_of_it)
        return cls(Config(data_dir=folder, station=StationSettings(id=station, name=station.title())))

    def person(self, s: Any, username: str) -> Person:
        found = people.find(s, username)
        assert found is not None
        return found

    def rows(self, kind: type[Any], *order: Any) -> list[Any]:
        with self.database.reading() as s:
            return list(s.scalars(select(kind).order_by(*order)).unique())

    @property
    def file(self) -> Path:
        return self.config.data_dir / "loa.db"

    def copy_database(self, target: Path) -> None:
        """As a backup would: all that was committed."""
        with (
            contextlib.closing(sqlite3.connect(self.file)) as whole,
            contextlib.closing(sqlite3.connect(target)) as copy,
        ):
            whole.backup(copy)

    def put_back(self, copy: Path) -> None:
        """As a restore does."""
        self.database.dispose()
        for each in self.file.parent.glob("loa.db*"):
            each.unlink()
        shutil.copy(copy, self.file)


class Upper(Site):
    """The level above; ``open`` and ``cut`` its console's port."""

    app: Flask
    port = 0
    _stop: threading.Event | None = None
    _thread: threading.Thread

    @contextmanager
    def served(self, planted: Planted) -> Iterator[Upper]:
        from web.app import create_app
        from web.security.protection import limiter
        from web.shell.services import Services
        from web.shell.watcher import Watcher

        station = self.config.station.id
        if station not in planted.apps:
            planted.apps[station] = create_app(self.config, self.database, clock=self.clock)
        self.app = planted.apps[station]
        watcher = Watcher(self.database, most_streams=8)
        self.app.extensions["loa"] = Services(self.config, self.database, self.clock, watcher)
        limiter.reset()
        self.open()
        yield self
        self.cut()
        self.database.dispose()

    def open(self) -> None:
        from web.serve import listen, serve_on

        listening = listen("127.0.0.1", self.port)
        self.port = listening.getsockname()[1]
        self._stop = threading.Event()
        self._thread = threading.Thread(target=serve_on, args=(self.app, listening, self._stop), daemon=True)
        self._thread.start()
        self._listening = listening

    def cut(self) -> None:
        """Nobody reaches it any more."""
        if self._stop is not None:
            self._stop.set()
            self._thread.join(20)
            self._listening.close()
            self._stop = None
            self.renew_watcher()

    def renew_watcher(self) -> None:
        from web.shell.watcher import Watcher

        parts = self.app.extensions["loa"]
        self.app.extensions["loa"] = replace(parts, watcher=Watcher(self.database, most_streams=8))

    def code(self, station: str) -> ExchangeCode:
        """What an administrator hands to a commune."""
        with self.database.session() as s:
            by = self.person(s, "quantri")
            _, secret = communes.add(s, name=station.title(), station=station, by=by, now_at=self.clock())
        return ExchangeCode(f"http://127.0.0.1:{self.port}", key_fingerprint(self.identity.public_key), secret)

    def release(self, *stations: str, **written: Any) -> str:
        """Compose and release; the item's id."""
        fields = {"title": "Tiêm chủng", "text": "Mời bà con đưa trẻ đi tiêm chủng."} | written
        with self.database.session() as s:
            made = items.compose(
                s, ItemFields(**fields, communes=stations), by=self.person(s, "canbo"), now_at=self.clock()
            )
            by = self.person(s, "chutich")
            items.release(s, self.identity, item=made, by=by, now_at=self.clock())
            return made.id

    def withdraw(self, item: str) -> None:
        with self.database.session() as s:
            by = self.person(s, "chutich")
            items.withdraw(s, self.identity, item=s.get_one(ProvinceItem, item), by=by, now_at=self.clock())


class Lower(Site):
    """One commune, with a link to each level above it joined."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.links: list[UpperLink] = []

    @property
    def sealer(self) -> Sealer:
        return Sealer(self.identity.seed)

    def as_commune(self) -> Commune:
        return Commune(
            database=self.database,
            identity=self.identity,
            clips_dir=self.config.clips_dir,
            clock=self.clock,
            name=self.config.station.name,
        )

    def add(self, code: ExchangeCode | str) -> str:
        """An administrator types the code; the level's id."""
        with self.database.session() as s:
            by = self.person(s, "quantri")
            return upper_levels.add(s, str(code), sealer=self.sealer, by=by, now_at=self.clock()).id

    def join(self, upper: Upper) -> UpperLink:
        return self.join_by(upper.code(self.identity.station))

    def join_by(self, code: ExchangeCode) -> UpperLink:
        link = UpperLink(self.as_commune(), self.add(code))
        joined = link.join()
        link.close()
        link = UpperLink(self.as_commune(), joined.id)
        self.links.append(link)
        return link

    def offers(self) -> list[ReceivedOffer]:
        return self.rows(ReceivedOffer, ReceivedOffer.received_at, ReceivedOffer.number)

    def levels(self) -> list[UpperLevel]:
        with self.database.reading() as s:
            return upper_levels.listing(s)

    def close(self) -> None:
        for link in self.links:
            link.close()
        self.database.dispose()
