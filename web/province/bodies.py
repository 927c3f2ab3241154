"""Bodies about a level above: what is composed, what became of it where, what communes reported."""

from datetime import datetime
from typing import Any

import msgspec

from web.api.bodies import Answer, Request


class NewProvinceItem(Request, frozen=True, kw_only=True):
    """communes: ids of stations; empty means all. Instants have a zone."""

    title: str
    text: str
    broadcast_class: str = msgspec.field(default="routine", name="class")
    drill: bool = False
    document_number: str = ""
    wished_at: str = ""
    valid_until_at: str = ""
    communes: list[str] = msgspec.field(default_factory=list)


class OfferStand(Answer, frozen=True, kw_only=True):
    """One commune. state: sent, or what it said last; seconds: of sound that nodes played."""

    commune: str
    state: str
    received_at: datetime | None
    planned_at: datetime | None
    nodes_played: int
    nodes_failed: int
    seconds: int
    words: str


class ProvinceItemAnswer(Answer, frozen=True, kw_only=True):
    """offers: of each commune; empty before it was released; steps: what the caller may do with it now: release, drop,
    withdraw."""

    id: str
    title: str
    broadcast_class: str = msgspec.field(name="class")
    drill: bool
    communes: list[str]
    composed_at: datetime
    released_at: datetime | None
    withdrawn_at: datetime | None
    offers: list[OfferStand]
    steps: list[str]


class ProvinceReportAnswer(Answer, frozen=True, kw_only=True):
    """One fact as the commune stated it; body: as in docs/exchange.md."""

    commune: str
    report: str
    stored_at: datetime
    body: dict[str, Any]
