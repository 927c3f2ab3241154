"""How the last backup went, for the console, the matters and the metrics; written by whoever makes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from broadcaster.refusals.reasons import Reason, decode, encode
from broadcaster.station.rows import heartbeats, settings

NAME = "backup"
"""Of the row among the signs of life."""
OLD = timedelta(hours=36)
"""A last good backup of so long ago is a matter: one night was missed."""
_ASKED = "backup_asked_at"


@dataclass(frozen=True, slots=True)
class PlaceState:
    """place: in words; good_at: of the last good backup there; copies: how many lie there.

    size_bytes: of the last good one; fault: why the last try did not succeed.
    """

    place: str
    good_at: datetime | None = None
    copies: int = 0
    size_bytes: int = 0
    fault: Reason | None = None


@dataclass(frozen=True, slots=True)
class BackupState:
    """tried_at: when the last try ended; since_at: since when backups are looked after at all.

    places: each that is configured; fault: why none could be made; damaged: files not as they should be.
    """

    tried_at: datetime | None
    since_at: datetime
    places: tuple[PlaceState, ...] = ()
    fault: Reason | None = None
    damaged: tuple[str, ...] = ()

    @property
    def good_at(self) -> datetime | None:
        """The newest good one, wherever it lies."""
        return max((each.good_at for each in self.places if each.good_at), default=None)

    @property
    def faults(self) -> list[Reason]:
        """What somebody has to look at."""
        found = [self.fault, *(each.fault for each in self.places)]
        return [each for each in found if each is not None]

    def is_old(self, now_at: datetime) -> bool:
        """Whether some place has had no good one for too long."""
        return any(now_at - (each.good_at or self.since_at) > OLD for each in self.places)


def read(s: Session) -> BackupState | None:
    """None before the station looked after backups for the first time."""
    beat = heartbeats.read(s).get(NAME)
    if beat is None:
        return None
    detail = beat.detail
    return BackupState(
        _moment(detail["tried_at"]),
        datetime.fromisoformat(detail["since_at"]),
        tuple(_place(each) for each in detail["places"]),
        _reason(detail["fault"]),
        tuple(detail["damaged"]),
    )


def write(s: Session, state: BackupState, *, now_at: datetime) -> None:
    detail = {
        "tried_at": _written(state.tried_at),
        "since_at": state.since_at.isoformat(),
        "places": [_packed(each) for each in state.places],
        "fault": state.fault and encode(state.fault),
        "damaged": list(state.damaged),
    }
    heartbeats.beat(s, NAME, now_at, detail)


def ask(s: Session, *, now_at: datetime) -> None:
    """Somebody wants one now."""
    settings.write(s, _ASKED, now_at.isoformat())


def asked_at(s: Session) -> datetime | None:
    """When somebody last wanted one."""
    return _moment(settings.read(s, _ASKED))


def _place(packed: Mapping[str, Any]) -> PlaceState:
    return PlaceState(
        packed["place"], _moment(packed["good_at"]), packed["copies"], packed["size_bytes"], _reason(packed["fault"])
    )


def _packed(place: PlaceState) -> dict[str, Any]:
    return {
        "place": place.place,
        "good_at": _written(place.good_at),
        "copies": place.copies,
        "size_bytes": place.size_bytes,
        "fault": place.fault and encode(place.fault),
    }


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def _written(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _reason(encoded: str | None) -> Reason | None:
    return decode(encoded) if encoded else None
