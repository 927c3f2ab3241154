"""Bodies about a level above: what is composed, what became of it where, what communes reported."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from web.api.bodies import Answer, Request


class NewProvinceItem(Request, frozen=True, kw_only=True):
    """id: by which the caller knows it; sent again it composes nothing more; empty for none. communes: ids of stations;
    empty means all. Instants have a zone."""

    id: Annotated[str, Meta(max_length=64)] = ""
    title: str
    text: str
    broadcast_class: str = msgspec.field(default="routine", name="class")
    drill: bool = False
    document_number: str = ""
    wished_at: str = ""
    valid_until_at: str = ""
    communes: list[str] = msgspec.field(default_factory=list)


class NewProvinceCommune(Request, frozen=True, kw_only=True):
    """station: id of the commune's station; empty makes one of the name."""

    name: str
    station: str = ""


class ProvinceCommuneAnswer(Answer, frozen=True, kw_only=True):
    """id: of its station; seen_at: when it last asked; nodes, silent_nodes, nodes_at: how its nodes were when it last
    said so; went_back_at: an older copy was restored here, until somebody has seen it; code: for the commune, shown
    once, when it is added or renewed; steps: what the caller may do with it now: renew, close, seen."""

    id: str
    name: str
    joined_at: datetime | None
    seen_at: datetime | None
    nodes: int
    silent_nodes: int
    nodes_at: datetime | None
    went_back_at: datetime | None
    steps: list[str]
    code: str | None = None


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
    """given_id: by which whoever composed it knows it, or null; offers: of each commune; empty before it was released;
    steps: what the caller may do with it now: release, drop, withdraw."""

    id: str
    given_id: str | None
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
    """One fact as the commune stated it. item: its announcement's id, the given one where there is one; body: as in
    docs/exchange.md, with our id."""

    commune: str
    item: str
    report: str
    stored_at: datetime
    body: dict[str, Any]
