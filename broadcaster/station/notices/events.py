"""One function for each event people hear of; each writes one row in the transaction of the event, and sends nothing.

Whoever waits for an order waits for this one insert and for nothing else.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.protocol.values import BroadcastClass
from broadcaster.refusals.reasons import Reason, word
from broadcaster.station.notices.audiences import NoticeAudience
from broadcaster.station.people.roles import Permission
from broadcaster.station.rows import changes
from broadcaster.station.schema import Announcement, EmergencyOrder, Node, Notice, Person
from broadcaster.station.vocabulary.notices import NoticeKind
from broadcaster.station.vocabulary.wishes import Wish, WishKind

QUIET = timedelta(minutes=10)
"""After one notice of residents' messages from a hamlet, none of another for so long: they stand in the inbox."""
AGAIN = timedelta(minutes=10)
"""What is urgent and still waits is said again after so long, to the deputies too."""
SOON = timedelta(hours=2)
"""An announcement that shall sound within so long is urgent, whatever its class."""
MOST_NAMES = 5
_P = Permission
Units = Collection[str | None]


def approval_waits(s: Session, *, announcement: Announcement, units: Units, by: Person, now_at: datetime) -> None:
    """``by`` asked for approval: all who may give it are called, and nobody who wrote a part of it."""
    urgent = _is_urgent(announcement, now_at)
    facts = {"title": announcement.title, "kind": word("class", announcement.broadcast_class)}
    wrote = {by.id, announcement.created_by_id, announcement.updated_by_id, *announcement.authors}
    notice = Notice(
        kind=NoticeKind.APPROVAL_WAITS,
        subject=f"announcement:{announcement.id}",
        seal=announcement.content_hash or "",
        title=Reason("notice.approval_urgent", **facts) if urgent else Reason("notice.approval_waits", **facts),
        urgent=urgent,
        repeat_at=now_at + AGAIN if urgent else None,
    )
    without = frozenset(each for each in wrote if each)
    _write(s, notice, NoticeAudience((_P.APPROVE,), frozenset(units), without=without), now_at)


def second_person(s: Session, *, order: EmergencyOrder, units: Units, now_at: datetime) -> None:
    """An alarm waits for the word of a second person: everybody who may give it is called."""
    facts = {"title": order.announcement.title, "person": order.asked_by.full_name}
    notice = Notice(
        kind=NoticeKind.SECOND_PERSON,
        subject=f"emergency-order:{order.id}",
        title=Reason("notice.second_person_drill", **facts) if order.drill else Reason("notice.second_person", **facts),
        urgent=True,
        repeat_at=min(now_at + AGAIN, now_at + (order.expires_at - now_at) / 2),
    )
    without = frozenset({order.asked_by_id})
    _write(s, notice, NoticeAudience((_P.EMERGENCY,), frozenset(units), without=without), now_at)


def alarm_on_air(s: Session, *, order: EmergencyOrder, units: Units, by: Person, now_at: datetime) -> None:
    """An alarm sounds: everybody hears of it who may end or correct it somewhere, but for who gave the last word."""
    facts = {"title": order.announcement.title}
    notice = Notice(
        kind=NoticeKind.ALARM_ON_AIR,
        subject=f"emergency-order:{order.id}",
        title=Reason("notice.alarm_on_air_drill", **facts) if order.drill else Reason("notice.alarm_on_air", **facts),
        urgent=True,
    )
    audience = NoticeAudience((_P.EMERGENCY,), frozenset(units), everywhere=False, without=frozenset({by.id}))
    _write(s, notice, audience, now_at)


def alert_waiting(s: Session, *, matter_id: str, title: str, source: str, now_at: datetime) -> None:
    """A warning of others waits for people who order it."""
    notice = Notice(
        kind=NoticeKind.ALERT_WAITING,
        subject=f"matter:{matter_id}",
        title=Reason("notice.alert_waiting", title=title, source=source),
        urgent=True,
    )
    _write(s, notice, NoticeAudience((_P.EMERGENCY,), frozenset({None})), now_at)


def release_waits(
    s: Session, *, what: Reason, subject: str, units: Units, without: frozenset[str], now_at: datetime
) -> None:
    """Something besides an announcement is not said before an approver released it; ``what`` is the word for it."""
    notice = Notice(kind=NoticeKind.RELEASE_WAITS, subject=subject, title=Reason("notice.release_waits", what=what))
    audience = NoticeAudience((_P.APPROVE,), frozenset(units), everywhere=False, without=without)
    _write(s, notice, audience, now_at)


def role_waits(s: Session, *, name: str, subject: str, without: frozenset[str], now_at: datetime) -> None:
    """Somebody's role as approver has no effect before a second administrator confirms it."""
    notice = Notice(kind=NoticeKind.ROLE_WAITS, subject=subject, title=Reason("notice.role_waits", person=name))
    _write(s, notice, NoticeAudience((_P.MANAGE_PEOPLE,), frozenset({None}), without=without), now_at)


def gauge_crossed(
    s: Session, *, rule_id: str, facts: dict[str, str], speaks: bool, unit_id: str, now_at: datetime
) -> None:
    """A gauge is over a limit; ``speaks``: nodes say so by themselves."""
    code = "notice.gauge_speaks" if speaks else "notice.gauge_crossed"
    notice = Notice(
        kind=NoticeKind.GAUGE_CROSSED, subject=f"gauge-rule:{rule_id}", title=Reason(code, **facts), urgent=True
    )
    _write(s, notice, NoticeAudience((_P.EMERGENCY,), frozenset({unit_id})), now_at)


def nodes_silent(s: Session, *, names: Sequence[str], units: Units, subject: str, now_at: datetime) -> None:
    """These nodes have not been heard for long."""
    title = Reason("notice.nodes_silent", count=len(names), names=_some(names))
    _concerning_nodes(s, NoticeKind.NODES_SILENT, subject, title, units, now_at)


def broadcasts_lost(s: Session, *, titles: Sequence[str], units: Units, subject: str, now_at: datetime) -> None:
    """These broadcasts, or dates of a slot, did not reach everybody."""
    title = Reason("notice.broadcasts_lost", count=len(titles), titles=_some([f"“{each}”" for each in titles]))
    _concerning_nodes(s, NoticeKind.BROADCAST_LOST, subject, title, units, now_at)


def trouble_on_air(s: Session, *, what: Reason, titles: Sequence[str], subject: str, now_at: datetime) -> None:
    """A relay or a microphone gives no sound, or a relay its next source's; ``what`` is the word for it."""
    title = Reason("notice.trouble_on_air", what=what, titles=_some([f"“{each}”" for each in titles]))
    _concerning_nodes(s, NoticeKind.TROUBLE_ON_AIR, subject, title, {None}, now_at)


def station_degraded(s: Session, *, subject: str, now_at: datetime) -> None:
    """Something hinders the station itself."""
    _concerning_station(s, NoticeKind.STATION_DEGRADED, subject, Reason("notice.station_degraded"), now_at)


def backup_failed(s: Session, *, subject: str, now_at: datetime) -> None:
    """The station's data are not as safe as they should be."""
    _concerning_station(s, NoticeKind.BACKUP_FAILED, subject, Reason("notice.backup_failed"), now_at)


def feedback_came(s: Session, *, feedback_id: str, about: Reason, node: Node, now_at: datetime) -> None:
    """A resident reported something about a node; ``about`` is the word for what. Those who answer are called."""
    recent = (Notice.kind == NoticeKind.FEEDBACK, Notice.seal == node.unit_id, Notice.made_at > now_at - QUIET)
    if s.scalar(select(Notice.id).where(*recent).limit(1)) is not None:
        return
    notice = Notice(
        kind=NoticeKind.FEEDBACK,
        subject=f"feedback:{feedback_id}",
        seal=node.unit_id,
        title=Reason("notice.feedback", about=about, node=node.name),
    )
    _write(s, notice, NoticeAudience((_P.WRITE, _P.MANAGE_NODES), frozenset({node.unit_id})), now_at)


def _concerning_nodes(
    s: Session, kind: NoticeKind, subject: str, title: Reason, units: Units, now_at: datetime
) -> None:
    audience = NoticeAudience((_P.BROADCAST, _P.MANAGE_NODES), frozenset(units), everywhere=False)
    _write(s, Notice(kind=kind, subject=subject, title=title), audience, now_at)


def _concerning_station(s: Session, kind: NoticeKind, subject: str, title: Reason, now_at: datetime) -> None:
    audience = NoticeAudience((_P.MANAGE_PEOPLE, _P.MANAGE_NODES), frozenset({None}))
    _write(s, Notice(kind=kind, subject=subject, title=title), audience, now_at)


def _write(s: Session, notice: Notice, audience: NoticeAudience, now_at: datetime) -> None:
    notice.audience, notice.made_at = audience.packed(), now_at
    s.add(notice)
    changes.bump(s, "notices")


def _is_urgent(announcement: Announcement, now_at: datetime) -> bool:
    return announcement.broadcast_class is not BroadcastClass.ROUTINE or _sounds_soon(announcement.wish, now_at)


def _sounds_soon(wish: Wish | None, now_at: datetime) -> bool:
    if wish is None:
        return False
    return wish.kind is WishKind.NOW or (wish.at is not None and wish.at - now_at <= SOON)


def _some(names: Sequence[str]) -> list[str]:
    return [*names[:MOST_NAMES], *(["…"] if len(names) > MOST_NAMES else [])]
