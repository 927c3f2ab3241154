"""What every view may use: the station's parts and the clock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import cast
from zoneinfo import ZoneInfo

from flask import current_app

from broadcaster.config import Config
from broadcaster.station.database.engine import Database
from web.shell.overload import Overload
from web.shell.watcher import Watcher

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Services:
    """The parts a request may use.

    config: the settings in force.
    database: where the station keeps what it knows.
    clock: says what time it is.
    watcher: tells open pages that something changed.
    overload: whether the console had to send somebody away lately.
    """

    config: Config
    database: Database
    clock: Clock
    watcher: Watcher
    overload: Overload = field(default_factory=Overload)

    @property
    def timezone(self) -> ZoneInfo:
        return ZoneInfo(self.config.station.timezone)

    @property
    def today(self) -> date:
        """The date on the wall of the commune's office."""
        return self.clock().astimezone(self.timezone).date()


def services() -> Services:
    return cast(Services, current_app.extensions["loa"])
