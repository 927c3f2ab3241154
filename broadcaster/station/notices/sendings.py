"""Single messages: claimed, sent by whoever claimed them, and marked; so that none is lost and none is sent for ever.

A claim is a lease. Whoever is killed between sending and marking leaves one message of that channel in doubt; it is
sent once more when the lease is over, as a message twice is better than none.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from broadcaster.refusals.reasons import Reason
from broadcaster.station.notices import channels
from broadcaster.station.notices.standing import is_needed
from broadcaster.station.rows import changes
from broadcaster.station.schema import Notice, NoticeChannel, NoticeSending, new_id
from broadcaster.station.vocabulary.notices import ChannelKind, NoticeKind, SendingState

LEASE = timedelta(seconds=60)
"""Longer than any attempt may take."""
WAITS = tuple(timedelta(seconds=each) for each in (5, 20, 60, 300, 900, 3600, 3600))
"""After the first attempt that did not succeed, after the second, and so on; one more is the last."""
MOST_FAILURES = 5
"""Attempts in a row after which a channel rests."""
FIRST_REST, LONGEST_REST = timedelta(minutes=15), timedelta(hours=6)
LONGEST_WAIT = timedelta(hours=1)
"""However long the other side asks for."""
_LOOKED_AT = 300


@dataclass(frozen=True, slots=True)
class ClaimedSending:
    """One message in hand. again: it is said for the second time. The rest as in ``schema.NoticeSending``."""

    id: str
    claim: str
    notice: Notice
    channel: NoticeChannel
    again: bool


@dataclass(frozen=True, slots=True)
class SendingTrouble:
    """Why an attempt did not succeed.

    wait: how long the other side asks not to be asked again; refused: asking again soon would change nothing.
    gone: the other side does not know the address any more.
    """

    reason: Reason
    wait: timedelta | None = None
    refused: bool = False
    gone: bool = False


def next_due_at(s: Session, *, now_at: datetime) -> datetime | None:
    """When the earliest message is due, as far as any is waited for; in the past where one is due now."""
    open_still = NoticeSending.state.in_([SendingState.WAITING, SendingState.SENDING])
    chosen = select(
        NoticeSending.state, NoticeSending.due_at, NoticeSending.claimed_until_at, NoticeChannel.rests_until_at
    ).join(NoticeChannel, NoticeChannel.id == NoticeSending.channel_id)
    moments = [
        max(each for each in (row[2] if row[0] is SendingState.SENDING else row[1], row[3] or now_at) if each)
        for row in s.execute(chosen.where(open_still).order_by(NoticeSending.due_at).limit(_LOOKED_AT))
    ]
    return min(moments, default=None)


def claim(
    s: Session, *, places: Mapping[ChannelKind, int], busy: Collection[str], now_at: datetime
) -> list[ClaimedSending]:
    """Take messages in hand: of each kind as many as there are ``places``, of each channel one, of ``busy`` channels
    none; urgent ones first, and channels that work before those that fail. What nobody needs any more is put away."""
    found: list[ClaimedSending] = []
    taken: Counter[ChannelKind] = Counter()
    seen = set(busy)
    for sending in _due(s, now_at):
        channel = sending.channel
        if not _is_wanted(s, sending, now_at):
            _end(sending, SendingState.LAPSED, now_at)
        elif channel.id not in seen and taken[channel.kind] < places.get(channel.kind, 0):
            taken[channel.kind] += 1
            seen.add(channel.id)
            sending.state, sending.claim, sending.claimed_until_at = SendingState.SENDING, new_id(), now_at + LEASE
            sending.attempts += 1
            found.append(ClaimedSending(sending.id, sending.claim, sending.notice, channel, sending.round > 0))
    return found


def mark_sent(s: Session, claimed: ClaimedSending, *, now_at: datetime) -> bool:
    """It arrived; False when somebody else has it in hand by now."""
    sending = _mine(s, claimed)
    if sending is None:
        return False
    _end(sending, SendingState.SENT, now_at)
    channel = sending.channel
    channel.failures, channel.rests_until_at, channel.trouble = 0, None, None
    changes.bump(s, "notices")
    return True


def mark_failed(s: Session, claimed: ClaimedSending, trouble: SendingTrouble, *, now_at: datetime) -> bool:
    """It did not arrive, as far as anybody knows; it is tried again later, until its patience is over."""
    sending = _mine(s, claimed)
    if sending is None:
        return False
    channel = sending.channel
    channel.trouble = trouble.reason
    sending.reason = trouble.reason
    if trouble.gone:
        _end(sending, SendingState.FAILED, now_at)
        channels.remove(s, channel, by=None, now_at=now_at)
        return True
    _let_rest(channel, trouble, now_at)
    wait = _wait(sending, trouble)
    last = wait is None or (trouble.refused and sending.notice.kind is NoticeKind.PAIRING)
    if last:
        _end(sending, SendingState.FAILED, now_at)
    else:
        sending.state, sending.claim, sending.claimed_until_at = SendingState.WAITING, None, None
        sending.due_at = now_at + (wait or timedelta())
    changes.bump(s, "notices")
    return True


def _let_rest(channel: NoticeChannel, trouble: SendingTrouble, now_at: datetime) -> None:
    """A channel that is being paired rests never: its owner sits before the screen."""
    if trouble.wait is not None:
        channel.rests_until_at = now_at + min(trouble.wait, LONGEST_WAIT)
        return
    channel.failures = max(channel.failures + 1, MOST_FAILURES if trouble.refused else 0)
    if channel.failures >= MOST_FAILURES and channel.paired_at is not None:
        doubled = FIRST_REST * 2 ** min(channel.failures - MOST_FAILURES, 10)
        channel.rests_until_at = now_at + min(doubled, LONGEST_REST)


def _wait(sending: NoticeSending, trouble: SendingTrouble) -> timedelta | None:
    """None after the last attempt."""
    if trouble.wait is not None:
        return min(trouble.wait, LONGEST_WAIT)
    return WAITS[sending.attempts - 1] if sending.attempts <= len(WAITS) else None


def _due(s: Session, now_at: datetime) -> list[NoticeSending]:
    ready = or_(
        and_(NoticeSending.state == SendingState.WAITING, NoticeSending.due_at <= now_at),
        and_(NoticeSending.state == SendingState.SENDING, NoticeSending.claimed_until_at <= now_at),
    )
    chosen = (
        select(NoticeSending)
        .join(NoticeChannel, NoticeChannel.id == NoticeSending.channel_id)
        .join(Notice, Notice.id == NoticeSending.notice_id)
    )
    chosen = chosen.where(
        ready,
        or_(
            NoticeChannel.rests_until_at.is_(None),
            NoticeChannel.rests_until_at <= now_at,
            NoticeChannel.removed_at.is_not(None),
        ),
    )
    order = (Notice.urgent.desc(), NoticeChannel.failures, NoticeSending.due_at, NoticeSending.id)
    locked = chosen.order_by(*order).limit(_LOOKED_AT).with_for_update(of=NoticeSending, skip_locked=True)
    return list(s.scalars(locked.execution_options(populate_existing=True)).unique())


def _is_wanted(s: Session, sending: NoticeSending, now_at: datetime) -> bool:
    channel = sending.channel
    there = channel.removed_at is None and channel.person.disabled_at is None
    paired = channel.paired_at is not None or sending.notice.kind is NoticeKind.PAIRING
    return there and paired and is_needed(s, sending.notice, now_at=now_at)


def _mine(s: Session, claimed: ClaimedSending) -> NoticeSending | None:
    """The row, while the claim on it still holds."""
    held = (NoticeSending.id == claimed.id, NoticeSending.claim == claimed.claim)
    chosen = select(NoticeSending).where(*held).with_for_update(of=NoticeSending)
    return s.scalars(chosen.execution_options(populate_existing=True)).unique().one_or_none()


def _end(sending: NoticeSending, state: SendingState, now_at: datetime) -> None:
    sending.state, sending.claim, sending.claimed_until_at, sending.ended_at = state, None, None, now_at
    if state is SendingState.SENT:
        sending.reason = None
