"""When an announcement shall be broadcast, as programs send and read it."""

from datetime import date, datetime
from typing import Literal

import msgspec

from broadcaster.station.vocabulary import wishes
from web.api.bodies import Answer, Instant, Request, Weekday


class WishedTime(Request, frozen=True, kw_only=True):
    """When it shall be broadcast once approved.

    kind: now (as soon as it is approved), at (an instant) or slot.
    at: of the kind at.
    slot: id, of the kind slot; first_on, last_on: local days in it, both included; null last_on is until taken out,
    left out it is one single day, first_on (null: today). weekdays: only on these.
    """

    kind: Literal["now", "at", "slot"]
    at: Instant | None = None
    slot: str | None = None
    first_on: date | None = None
    last_on: date | msgspec.UnsetType | None = msgspec.UNSET
    weekdays: list[Weekday] = msgspec.field(default_factory=list)

    def value(self, today: date) -> wishes.Wish:
        """As the station knows it."""
        first_on = (self.first_on or today) if self.kind == "slot" else None
        last_on = first_on if self.last_on is msgspec.UNSET else self.last_on
        return wishes.Wish(
            kind=wishes.WishKind(self.kind),
            at=self.at,
            slot_id=self.slot,
            first_on=first_on,
            last_on=last_on if self.kind == "slot" else None,
            weekdays=tuple(self.weekdays),
        )


class Submission(Request, frozen=True, kw_only=True):
    """wish: when it shall be broadcast, sealed with the text; null leaves the time open."""

    wish: WishedTime | None = None


class Wish(Answer, frozen=True, kw_only=True):
    """As in the request; times: those the slot had when it was asked for, sealed with the text."""

    kind: str
    at: datetime | None
    slot: str | None
    times: list[str]
    first_on: date | None
    last_on: date | None
    weekdays: list[int]


class Outcome(Answer, frozen=True, kw_only=True):
    """What an approval did with the wished time: id of the broadcast or of the place in the slot, or why neither."""

    broadcast: str | None = None
    slot_item: str | None = None
    obstacle: str | None = None
    obstacle_code: str | None = None


def answer_of(wish: wishes.Wish | None) -> Wish | None:
    if wish is None:
        return None
    return Wish(
        kind=str(wish.kind),
        at=wish.at,
        slot=wish.slot_id,
        times=list(wish.times),
        first_on=wish.first_on,
        last_on=wish.last_on,
        weekdays=list(wish.weekdays),
    )
