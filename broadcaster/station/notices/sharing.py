"""Notices become messages: one for each channel of everybody concerned, at once, and again where nobody acts."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from broadcaster.station.notices.audiences import first_called, members, unpacked
from broadcaster.station.notices.standing import is_needed
from broadcaster.station.rows import changes
from broadcaster.station.rows.inserting import insert_once
from broadcaster.station.schema import Notice, NoticeChannel, NoticeSending, Person, new_id
from broadcaster.station.vocabulary.notices import SendingState

AT_ONCE = 50
_OPEN = (NoticeChannel.paired_at.is_not(None), NoticeChannel.removed_at.is_(None))


def is_due(s: Session, *, now_at: datetime) -> bool:
    """Whether ``share`` would find anything; asked without waiting for anybody who writes."""
    return s.scalar(select(Notice.id).where(_due(now_at)).limit(1)) is not None


def share(s: Session, *, now_at: datetime) -> int:
    """Make the messages of what is new, and of what is to be said again; how many notices were looked at."""
    chosen = select(Notice).where(_due(now_at)).order_by(Notice.urgent.desc(), Notice.made_at, Notice.id)
    found = list(s.scalars(chosen.limit(AT_ONCE).with_for_update()))
    for notice in found:
        _share_one(s, notice, now_at)
    if found:
        changes.bump(s, "notices")
    return len(found)


def _share_one(s: Session, notice: Notice, now_at: datetime) -> None:
    again = notice.shared_at is not None
    if again:
        notice.repeat_at = None
    else:
        notice.shared_at = now_at
    if not is_needed(s, notice, now_at=now_at):
        notice.repeat_at = None
        return
    people = members(s, unpacked(notice.audience))
    channels = _channels(s, people)
    if not again and notice.repeat_at is not None:
        reached = {each.person_id for each in channels if each.rests_until_at is None or each.rests_until_at <= now_at}
        called = {each.id for each in first_called(people, reached)}
        channels = [each for each in channels if each.person_id in called]
    for channel in channels:
        values = {"notice_id": notice.id, "channel_id": channel.id, "round": int(again)}
        state = {"id": new_id(), "state": SendingState.WAITING, "attempts": 0, "made_at": now_at, "due_at": now_at}
        s.execute(insert_once(s, NoticeSending, **values, **state, reason=None))


def _channels(s: Session, people: Iterable[Person]) -> list[NoticeChannel]:
    wanted = NoticeChannel.person_id.in_([each.id for each in people])
    return list(s.scalars(select(NoticeChannel).where(wanted, *_OPEN).order_by(NoticeChannel.id)))


def _due(now_at: datetime) -> ColumnElement[bool]:
    return or_(Notice.shared_at.is_(None), Notice.repeat_at <= now_at)
