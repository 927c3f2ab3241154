"""Channels of people: chosen and paired by each for themselves, with a code that arrives in the channel."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, Invalid, NotFound
from broadcaster.refusals.reasons import Reason
from broadcaster.station.audit import entries as audit
from broadcaster.station.notices.sealing import Sealer
from broadcaster.station.notices.standing import CODES
from broadcaster.station.notices.targets import ChannelTarget, label_of, target_of
from broadcaster.station.rows import changes
from broadcaster.station.schema import Notice, NoticeChannel, NoticeSending, Person, new_id
from broadcaster.station.vocabulary.notices import ChannelKind, NoticeKind, SendingState

MOST = 10
"""Channels of one person."""
MOST_TRIES = 5
"""Wrong codes before another one must be sent."""
MOST_ASKED, ASKED_WITHIN = 12, timedelta(hours=1)
"""Codes and tests one person may have sent: nobody is written to by strangers through the station."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewChannel:
    """kind: what brings the message; typed: the address as its owner gave it.

    base_url: the console as the owner's browser reaches it; language: of the messages.
    """

    kind: ChannelKind
    typed: str
    base_url: str
    language: str


def add(s: Session, wanted: NewChannel, *, by: Person, sealer: Sealer, now_at: datetime) -> tuple[NoticeChannel, str]:
    """The channel, to which a code is on its way; and the secret its messages are signed with, shown once and empty
    but for webhooks. Raises Invalid, or Conflict."""
    target = target_of(wanted.kind, wanted.typed)
    _check_room(s, by, target, sealer)
    if wanted.kind is ChannelKind.WEBHOOK:
        target = msgspec.structs.replace(target, secret=secrets.token_urlsafe(32))
    channel = NoticeChannel(
        id=new_id(),
        person_id=by.id,
        kind=wanted.kind,
        label=label_of(wanted.kind, target),
        target_sealed=sealer.seal(msgspec.json.encode(target).decode()),
        base_url=wanted.base_url[:200],
        language=wanted.language,
        created_at=now_at,
    )
    s.add(channel)
    send_code(s, channel, sealer=sealer, now_at=now_at)
    _note(s, "notice_channel.added", channel, by=by, now_at=now_at)
    return channel, target.secret


def send_code(s: Session, channel: NoticeChannel, *, sealer: Sealer, now_at: datetime) -> None:
    """A fresh code. Raises Conflict for a channel that has no need of one, and when too many were sent."""
    if channel.paired_at is not None:
        raise Conflict("notice.paired_already")
    channel.code_sealed = sealer.seal(f"{secrets.randbelow(1_000_000):06}")
    channel.code_until_at, channel.code_tries = now_at + CODES, 0
    _send_now(s, channel, NoticeKind.PAIRING, now_at=now_at)


def confirm(s: Session, channel: NoticeChannel, typed: str, *, by: Person, sealer: Sealer, now_at: datetime) -> bool:
    """Whether this is the code that was sent; from then on the channel is used. Wrong codes are counted: what this
    returns must be saved either way. Raises Conflict when there is no code to compare with any more."""
    if channel.paired_at is not None:
        raise Conflict("notice.paired_already")
    over = channel.code_until_at is None or now_at >= channel.code_until_at or channel.code_tries >= MOST_TRIES
    if over or channel.code_sealed is None:
        raise Conflict("notice.code_over")
    digits = "".join(each for each in typed if each.isdecimal() and each.isascii())
    if not hmac.compare_digest(sealer.open(channel.code_sealed), digits):
        channel.code_tries += 1
        return False
    channel.paired_at, channel.code_sealed, channel.code_until_at = now_at, None, None
    _note(s, "notice_channel.paired", channel, by=by, now_at=now_at)
    return True


def test(s: Session, channel: NoticeChannel, *, now_at: datetime) -> None:
    """Have a message sent that says nothing but that it arrived. Raises Conflict."""
    if channel.paired_at is None:
        raise Conflict("notice.not_paired")
    channel.rests_until_at = None
    _send_now(s, channel, NoticeKind.TEST, now_at=now_at)


def remove(s: Session, channel: NoticeChannel, *, by: Person | None, now_at: datetime) -> None:
    """Nothing is sent there any more, and its address is forgotten. ``by`` of None: the other side says it is gone."""
    channel.removed_at, channel.target_sealed, channel.code_sealed = now_at, "", None
    _note(s, "notice_channel.removed", channel, by=by, now_at=now_at)


def listing(s: Session, person: Person) -> list[NoticeChannel]:
    """Oldest first."""
    mine = (NoticeChannel.person_id == person.id) & NoticeChannel.removed_at.is_(None)
    return list(s.scalars(select(NoticeChannel).where(mine).order_by(NoticeChannel.created_at, NoticeChannel.id)))


def get(s: Session, channel_id: str, *, person: Person) -> NoticeChannel:
    """One's own. Raises NotFound."""
    found = s.get(NoticeChannel, channel_id)
    if found is None or found.person_id != person.id or found.removed_at is not None:
        raise NotFound("notice.channel_not_found")
    return found


def opened(channel: NoticeChannel, sealer: Sealer) -> ChannelTarget:
    """Where it leads. Raises Unavailable for what another station sealed."""
    return msgspec.json.decode(sealer.open(channel.target_sealed).encode(), type=ChannelTarget)


def resting(s: Session, *, now_at: datetime) -> list[NoticeChannel]:
    """Those that are left alone for a while because they fail."""
    failing = NoticeChannel.rests_until_at > now_at, NoticeChannel.removed_at.is_(None)
    chosen = select(NoticeChannel).where(*failing, NoticeChannel.paired_at.is_not(None))
    return list(s.scalars(chosen.order_by(NoticeChannel.created_at, NoticeChannel.id)))


def paired_count(s: Session) -> int:
    """How many are in use."""
    used = NoticeChannel.paired_at.is_not(None) & NoticeChannel.removed_at.is_(None)
    return s.scalar(select(func.count()).select_from(NoticeChannel).where(used)) or 0


def _check_room(s: Session, by: Person, target: ChannelTarget, sealer: Sealer) -> None:
    known = listing(s, by)
    if len(known) >= MOST:
        raise Conflict("notice.too_many_channels", most=MOST)
    if any(opened(each, sealer).address == target.address for each in known):
        raise Invalid("notice.channel_known", field="target")


def _send_now(s: Session, channel: NoticeChannel, kind: NoticeKind, *, now_at: datetime) -> None:
    """A notice for this channel alone."""
    _check_patience(s, channel.person_id, now_at)
    title = Reason("notice.pairing_asked") if kind is NoticeKind.PAIRING else Reason("notice.test")
    notice = Notice(id=new_id(), kind=kind, subject="channels:", title=title, audience={}, urgent=True)
    notice.made_at, notice.shared_at = now_at, now_at
    s.add(notice)
    s.flush()
    sending = NoticeSending(notice_id=notice.id, channel_id=channel.id, state=SendingState.WAITING)
    sending.made_at = sending.due_at = now_at
    s.add(sending)
    changes.bump(s, "notices")


def _check_patience(s: Session, person_id: str, now_at: datetime) -> None:
    mine = select(NoticeChannel.id).where(NoticeChannel.person_id == person_id)
    asked = (
        select(func.count())
        .select_from(NoticeSending)
        .join(Notice, Notice.id == NoticeSending.notice_id)
        .where(
            NoticeSending.channel_id.in_(mine),
            Notice.kind.in_([NoticeKind.PAIRING, NoticeKind.TEST]),
            NoticeSending.made_at > now_at - ASKED_WITHIN,
        )
    )
    if (s.scalar(asked) or 0) >= MOST_ASKED:
        raise Conflict("notice.asked_too_often")


def _note(s: Session, action: str, channel: NoticeChannel, *, by: Person | None, now_at: datetime) -> None:
    details = {"kind": channel.kind.value, "label": channel.label}
    subject = f"notice-channel:{channel.id}"
    audit.record(s, by=by, action=action, subject=subject, now_at=now_at, details=details)
    changes.bump(s, "notices")
