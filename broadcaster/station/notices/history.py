"""What was sent to one person, and what is to be sent again; how many messages stand how, for the figures."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, NotFound
from broadcaster.station.notices.standing import is_needed
from broadcaster.station.rows import changes
from broadcaster.station.schema import Notice, NoticeChannel, NoticeSending, Person
from broadcaster.station.vocabulary.notices import ChannelKind, NoticeKind, SendingState
from broadcaster.station.vocabulary.pages import Page, page_of

REMEMBERED = timedelta(days=90)
OVER = (SendingState.SENT, SendingState.FAILED, SendingState.LAPSED)
_OWN_ASKING = (NoticeKind.PAIRING, NoticeKind.TEST)


def listing(s: Session, person: Person, *, page: int = 1) -> Page[NoticeSending]:
    """Newest first."""
    mine = select(NoticeSending).join(NoticeChannel, NoticeChannel.id == NoticeSending.channel_id)
    mine = mine.where(NoticeChannel.person_id == person.id)
    return page_of(s, mine.order_by(NoticeSending.made_at.desc(), NoticeSending.id), page=page)


def get(s: Session, sending_id: str, *, person: Person) -> NoticeSending:
    """One's own. Raises NotFound."""
    found = s.get(NoticeSending, sending_id)
    if found is None or found.channel.person_id != person.id:
        raise NotFound("notice.sending_not_found")
    return found


def can_go_again(sending: NoticeSending) -> bool:
    """Whether its owner may have it sent once more: codes and tests are asked for anew instead."""
    there = sending.channel.removed_at is None and sending.channel.paired_at is not None
    return there and sending.state in OVER and sending.notice.kind not in _OWN_ASKING


def send_again(s: Session, sending: NoticeSending, *, now_at: datetime) -> None:
    """Raises Conflict for what is on its way, for a channel that is gone, and for what nobody needs any more."""
    if not can_go_again(sending):
        raise Conflict("notice.not_again")
    if not is_needed(s, sending.notice, now_at=now_at):
        raise Conflict("notice.over")
    sending.state, sending.attempts, sending.due_at = SendingState.WAITING, 0, now_at
    sending.ended_at, sending.reason = None, None
    sending.channel.rests_until_at = None
    changes.bump(s, "notices")


def concerns(s: Session, notice_id: str, person: Person) -> Notice:
    """The notice of which this person got a message. Raises NotFound."""
    mine = (NoticeSending.notice_id == notice_id, NoticeChannel.person_id == person.id)
    chosen = select(NoticeSending.id).join(NoticeChannel, NoticeChannel.id == NoticeSending.channel_id).where(*mine)
    found = s.get(Notice, notice_id)
    if found is None or s.scalar(chosen.limit(1)) is None:
        raise NotFound("notice.not_found")
    return found


def counts(s: Session) -> list[tuple[ChannelKind, SendingState, int]]:
    """Messages by channel and state."""
    counted = select(NoticeChannel.kind, NoticeSending.state, func.count()).join(
        NoticeChannel, NoticeChannel.id == NoticeSending.channel_id
    )
    grouped = counted.group_by(NoticeChannel.kind, NoticeSending.state)
    return [(kind, state, count) for kind, state, count in s.execute(grouped)]


def oldest_waiting_at(s: Session) -> datetime | None:
    """Since when a message waits that could have gone; None for none. Of channels that rest nobody expects any."""
    waiting = NoticeSending.state.in_([SendingState.WAITING, SendingState.SENDING])
    chosen = select(func.min(NoticeSending.due_at)).join(NoticeChannel, NoticeChannel.id == NoticeSending.channel_id)
    return s.scalar(chosen.where(waiting, NoticeChannel.rests_until_at.is_(None), NoticeChannel.removed_at.is_(None)))


def forget(s: Session, *, now_at: datetime) -> int:
    """Remove what was said long ago; how many messages."""
    before_at = now_at - REMEMBERED
    gone = s.execute(delete(NoticeSending).where(NoticeSending.made_at < before_at).returning(NoticeSending.id)).all()
    unsaid = ~select(NoticeSending.id).where(NoticeSending.notice_id == Notice.id).exists()
    s.execute(delete(Notice).where(Notice.made_at < before_at, unsaid))
    return len(gone)
