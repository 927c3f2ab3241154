"""What the province looks at: every item at every commune, nodes that are silent, and the month."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from msgspec import convert
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from broadcaster.protocol.exchange.messages import NodeStand
from broadcaster.protocol.values import DeliveryState
from broadcaster.station.province import communes
from broadcaster.station.schema import ProvinceCommune, ProvinceItem, ProvinceOffer, ProvincePlay

UNHEARD = timedelta(minutes=10)
"""A commune that did not ask for so long is out of reach."""


@dataclass(frozen=True, slots=True)
class OfferStanding:
    """How one item stands at one commune; each field as in ``schema.ProvinceOffer``."""

    item_id: str
    commune_id: str
    state: str
    words: str
    received_at: datetime | None
    planned_at: datetime | None
    planned_nodes: int
    nodes_played: int
    nodes_failed: int
    seconds: int


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One commune and its offers, by item."""

    commune: ProvinceCommune
    offers: dict[str, OfferStanding]


@dataclass(frozen=True, slots=True)
class WallRow:
    """commune; nodes: those of it that are silent; total: how many it
    has; reachable: whether the commune itself asked lately."""

    commune: ProvinceCommune
    nodes: list[NodeStand]
    total: int
    reachable: bool


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One commune's month, by the columns a province asks for.

    station: the commune's name.
    total: plays that were asked for, one for each node of each broadcast.
    play_successful: those that were played whole; urgent: those of emergencies.
    play_time, request_duration: seconds that were played, and that were asked for.
    """

    station: str
    total: int
    play_successful: int
    urgent: int
    play_time: int
    request_duration: int

    @property
    def ratio(self) -> float:
        """Played whole of what was asked for, in percent with one digit; 0 where nothing was."""
        return round(100 * self.play_successful / self.total, 1) if self.total else 0.0


def matrix(s: Session, items: Sequence[ProvinceItem]) -> list[MatrixRow]:
    """Every commune with its offers of these items; the tokens stay where they are."""
    columns = [getattr(ProvinceOffer, each.name) for each in fields(OfferStanding)]
    wanted = select(*columns).where(ProvinceOffer.item_id.in_([each.id for each in items]))
    found: dict[str, dict[str, OfferStanding]] = {}
    for offer in (OfferStanding(*each) for each in s.execute(wanted)):
        found.setdefault(offer.commune_id, {})[offer.item_id] = offer
    return [MatrixRow(each, found.get(each.id, {})) for each in communes.listing(s)]


def plays(s: Session, item: ProvinceItem, commune_id: str) -> list[ProvincePlay]:
    """What each node of one commune said of one item, the latest broadcast first."""
    chosen = select(ProvincePlay).where(ProvincePlay.item == item.id, ProvincePlay.commune_id == commune_id)
    return list(s.scalars(chosen.order_by(ProvincePlay.at.desc(), ProvincePlay.node_name, ProvincePlay.node)))


def wall(s: Session, *, now_at: datetime) -> list[WallRow]:
    """Communes out of reach first, then those with silent nodes; those where all is well are left out."""
    rows = []
    for commune in communes.listing(s):
        reachable = commune.seen_at is not None and now_at - commune.seen_at < UNHEARD
        silent = [convert(each, NodeStand) for each in commune.nodes if each.get("silent")]
        if commune.joined_at is not None and (silent or not reachable):
            rows.append(WallRow(commune, silent, len(commune.nodes), reachable))
    return sorted(rows, key=lambda row: (row.reachable, -len(row.nodes)))


def month(s: Session, *, from_at: datetime, until_at: datetime) -> list[MonthRow]:
    """Every commune, also one where nothing was broadcast; by name."""
    played = ProvincePlay.state == DeliveryState.PLAYED
    chosen = (
        select(
            ProvincePlay.commune_id,
            func.count(),
            func.sum(case((played, 1), else_=0)),
            func.sum(case((ProvincePlay.urgent, 1), else_=0)),
            func.sum(ProvincePlay.seconds),
            func.sum(ProvincePlay.requested_seconds),
        )
        .where(ProvincePlay.at >= from_at, ProvincePlay.at < until_at)
        .group_by(ProvincePlay.commune_id)
    )
    sums = {commune_id: counts for commune_id, *counts in s.execute(chosen)}
    return [MonthRow(each.name, *(int(count) for count in sums.get(each.id, [0] * 5))) for each in communes.listing(s)]
