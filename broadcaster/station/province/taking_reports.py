"""What a commune reports is stored once, and moves its item, its nodes and the figures."""

from datetime import datetime

from msgspec import to_builtins
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from broadcaster.protocol.exchange.messages import Report, Reports, ReportsAnswer
from broadcaster.protocol.values import BroadcastClass, DeliveryState
from broadcaster.station.rows import changes
from broadcaster.station.schema import ProvinceCommune, ProvinceItem, ProvinceOffer, ProvincePlay, ProvinceReport

_OF_THE_WHOLE = ("received", "prepared", "taken", "declined", "withdrawn", "expired", "refused")


def take(s: Session, commune: ProvinceCommune, stated: Reports, *, now_at: datetime) -> ReportsAnswer:
    """Store what is new and say what is stored now. The same report again changes nothing."""
    s.refresh(commune, with_for_update=True)
    ids = [each.report for each in stated.reports]
    known = set(
        s.scalars(
            select(ProvinceReport.report).where(ProvinceReport.commune_id == commune.id, ProvinceReport.report.in_(ids))
        )
    )
    fresh = {each.report: each for each in stated.reports if each.report not in known}
    moved: set[str] = set()
    for report in sorted(fresh.values(), key=lambda each: each.number):
        s.add(_row(commune, report, now_at))
        _apply(s, commune, report)
        moved.add(report.item)
    s.flush()
    for item in sorted(moved):
        _sum_up(s, commune, item)
    if stated.nodes and not _is_older(commune, stated, now_at):
        commune.nodes, commune.nodes_at = [to_builtins(each) for each in stated.nodes], stated.sent_at
    commune.reports_head = _without_gap(s, commune)
    if fresh:
        changes.bump(s, "deliveries")
    return ReportsAnswer(stored=ids, head=commune.reports_head)


def stored_since(s: Session, since_at: datetime | None, *, most: int = 500) -> list[ProvinceReport]:
    """In the order they were stored."""
    chosen = select(ProvinceReport).order_by(ProvinceReport.stored_at, ProvinceReport.commune_id, ProvinceReport.number)
    if since_at is not None:
        chosen = chosen.where(ProvinceReport.stored_at >= since_at)
    return list(s.scalars(chosen.limit(most)))


def _is_older(commune: ProvinceCommune, stated: Reports, now_at: datetime) -> bool:
    """Whether how the nodes are was said later than in this message; what a clock ahead of ours said does not count."""
    known_at = commune.nodes_at
    return known_at is not None and stated.sent_at < known_at <= now_at


def _without_gap(s: Session, commune: ProvinceCommune) -> int:
    """The highest number up to which every report is here."""
    beyond = (ProvinceReport.commune_id == commune.id, ProvinceReport.number > commune.reports_head)
    head = commune.reports_head
    for number in s.scalars(select(ProvinceReport.number).where(*beyond).distinct().order_by(ProvinceReport.number)):
        if number != head + 1:
            break
        head = number
    return head


def _row(commune: ProvinceCommune, report: Report, now_at: datetime) -> ProvinceReport:
    return ProvinceReport(
        commune_id=commune.id,
        report=report.report,
        number=report.number,
        item=report.item,
        kind=report.kind,
        at=report.at,
        stored_at=now_at,
        body=to_builtins(report),
    )


def _apply(s: Session, commune: ProvinceCommune, report: Report) -> None:
    offer = s.get(ProvinceOffer, (report.item, commune.id))
    if offer is not None:
        offer.received_at = offer.received_at or report.at
        if report.kind in _OF_THE_WHOLE:
            offer.state, offer.state_at, offer.words = report.kind, report.at, report.words
        elif report.kind == "planned":
            offer.planned_at, offer.planned_nodes = report.begin_at, report.nodes
        elif report.kind == "cancelled":
            offer.planned_at, offer.planned_nodes = None, 0
    if report.kind == "aired" and report.broadcast and report.node:
        _play(s, commune, report)


def _play(s: Session, commune: ProvinceCommune, report: Report) -> None:
    """The newest word of one node about one broadcast."""
    play = s.get(ProvincePlay, (commune.id, report.broadcast, report.node))
    if play is None:
        item = s.get(ProvinceItem, report.item)
        play = ProvincePlay(commune_id=commune.id, broadcast=report.broadcast, node=report.node, number=-1)
        play.urgent = item is not None and item.broadcast_class is BroadcastClass.EMERGENCY
        s.add(play)
    if report.number < play.number:
        return
    play.item, play.node_name, play.number = report.item, report.node_name, report.number
    play.at, play.state, play.words = report.begin_at or report.at, report.state, report.words
    play.seconds, play.requested_seconds = report.seconds, report.requested_seconds


def _sum_up(s: Session, commune: ProvinceCommune, item: str) -> None:
    offer = s.get(ProvinceOffer, (item, commune.id))
    if offer is None:
        return
    of_item = (ProvincePlay.commune_id == commune.id, ProvincePlay.item == item)
    whole = select(func.count(func.distinct(ProvincePlay.node)), func.coalesce(func.sum(ProvincePlay.seconds), 0))
    played, _ = s.execute(whole.where(*of_item, ProvincePlay.state == DeliveryState.PLAYED)).one()
    everybody, seconds = s.execute(whole.where(*of_item)).one()
    offer.nodes_played, offer.nodes_failed, offer.seconds = played, everybody - played, seconds
