"""What is prepared of a warning: an announcement that waits for people, or an order two people allowed beforehand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.cap import meaning
from broadcaster.cap.values import Alert, AlertInfo
from broadcaster.errors import LoaError
from broadcaster.protocol.values import BroadcastClass
from broadcaster.refusals.reasons import Reason
from broadcaster.station.alerts import allowances
from broadcaster.station.announcements import announcements, approvals
from broadcaster.station.announcements.steps import still_sealed
from broadcaster.station.broadcasts.freezing import STANDARD, Timing
from broadcaster.station.emergencies import orders, phrasebook, stories
from broadcaster.station.schema import Announcement, Broadcast, EmergencyOrder, Person, ReceivedAlert, Zone
from broadcaster.station.schema.announcement_fields import AnnouncementFields
from broadcaster.station.vocabulary.states import AlertOutcome, AnnouncementState, Origin

EXERCISE = "Đây là diễn tập. "
REPEATS = 2
_WAITING = (AlertOutcome.PREPARED,)
_UNSETTLED = (AnnouncementState.DRAFT, AnnouncementState.PENDING_APPROVAL, AnnouncementState.RETURNED)


def prepare(
    s: Session,
    row: ReceivedAlert,
    alert: Alert,
    *,
    zones: Sequence[Zone],
    earlier: Sequence[ReceivedAlert],
    now_at: datetime,
    by: Person | None = None,
) -> None:
    """An announcement of the alert's class and words in these zones; what it replaces is withdrawn.

    by: who brought it in by hand, and so wrote the draft; None for the source itself.
    """
    infos = meaning.infos_to_say(alert)
    broadcast_class = class_of(infos)
    drill = row.drill and broadcast_class is BroadcastClass.EMERGENCY
    words = meaning.words_of(infos)
    written = AnnouncementFields(
        title=row.title,
        text=EXERCISE + words if row.drill else words,
        zones=tuple(zones),
        broadcast_class=broadcast_class,
        repeats=REPEATS if broadcast_class is BroadcastClass.EMERGENCY else 1,
        valid_until_at=row.expires_at,
        drill=drill,
    )
    row.zones = [zone.id for zone in zones]
    if not write(s, row, written, now_at=now_at, by=by):
        return
    if not all(map(meaning.speaks_vietnamese, infos)):
        row.reason = Reason("alert.not_vietnamese", language=infos[0].language)
    row.follows_id = _sounding(s, earlier)
    withdraw_replaced(s, earlier, now_at=now_at)


def prepare_written(s: Session, row: ReceivedAlert, written: AnnouncementFields, *, now_at: datetime) -> None:
    """The same for words that are no CAP message."""
    row.zones = [str(each) for each in written.zones]
    write(s, row, written, now_at=now_at)


def propose_all_clear(
    s: Session,
    row: ReceivedAlert,
    alert: Alert,
    earlier: Sequence[ReceivedAlert],
    *,
    now_at: datetime,
    by: Person | None = None,
) -> None:
    """What was only prepared is withdrawn; what sounded waits for people to end it, with words ready."""
    sounded = [each for each in earlier if _order_of(s, each) is not None]
    withdraw_replaced(s, earlier, now_at=now_at)
    if not sounded:
        row.reason = Reason("alert.nothing_to_end")
        return
    last = sounded[-1]
    row.zones, row.drill, row.follows_id = last.zones, last.drill, _sounding(s, sounded)
    shipped = next(each for each in phrasebook.shipped() if each.kind == phrasebook.ALL_CLEAR)
    clear = [each for each in meaning.infos_to_say(alert) if "AllClear" in each.response_types]
    said = meaning.words_of([each for each in clear if meaning.speaks_vietnamese(each)])  # others repeat the warning
    written = AnnouncementFields(
        title=f"{phrasebook.DRILL if last.drill else ''}{shipped.title}: {last.title}"[:200],
        text=f"{EXERCISE if last.drill else ''}{said or shipped.text}",
        zones=tuple(last.zones),
        broadcast_class=BroadcastClass.EMERGENCY,
        repeats=shipped.repeats,
        drill=last.drill,
        phrase=phrasebook.ALL_CLEAR,
    )
    write(s, row, written, now_at=now_at, by=by)


def withdraw_replaced(s: Session, earlier: Sequence[ReceivedAlert], *, now_at: datetime) -> None:
    """What a newer message replaces is not to be ordered any more."""
    for each in earlier:
        drop(s, each, AlertOutcome.REPLACED, now_at=now_at)


def waiting(s: Session) -> list[ReceivedAlert]:
    """What is prepared and waits for people, the newest first."""
    chosen = select(ReceivedAlert).where(ReceivedAlert.outcome.in_(_WAITING))
    return list(s.scalars(chosen.order_by(ReceivedAlert.received_at.desc())))


def emergencies(s: Session) -> set[str]:
    """Ids of the announcements among them that are ordered by two people; the others wait for approval."""
    chosen = select(Announcement.id).where(
        Announcement.id.in_([row.announcement_id for row in waiting(s) if row.announcement_id]),
        Announcement.broadcast_class == BroadcastClass.EMERGENCY,
    )
    return set(s.scalars(chosen))


def carry_on(s: Session, *, now_at: datetime, timing: Timing = STANDARD) -> None:
    """See what became of all that waits: ordered by people, over, ready to be approved, or allowed to sound alone."""
    for row in waiting(s):
        if _order_of(s, row) is not None or _was_broadcast(s, row):
            row.outcome = AlertOutcome.ORDERED
        elif row.expires_at is not None and row.expires_at <= now_at:
            drop(s, row, AlertOutcome.EXPIRED, now_at=now_at)
        elif (announcement := _announcement(s, row)) is not None and still_sealed(announcement):
            _go_on(s, row, announcement, now_at=now_at, timing=timing)


def _go_on(s: Session, row: ReceivedAlert, announcement: Announcement, *, now_at: datetime, timing: Timing) -> None:
    if announcement.broadcast_class is not BroadcastClass.EMERGENCY:
        if announcement.state is AnnouncementState.DRAFT:
            approvals.submit(s, announcement=announcement, by=row.source.account, now_at=now_at)
        return
    allowance = allowances.in_force(s, row.source, drill=row.drill)
    untouched = announcement.revision <= 1 and announcement.updated_by_id == row.source.account_id
    if allowance is None or row.reason is not None or announcement.phrase is not None or not untouched:
        return
    assert allowance.confirmed_by is not None  # in force: both have said so
    follows = s.get(Broadcast, row.follows_id) if row.follows_id else None
    people = (allowance.asked_by, allowance.confirmed_by)
    try:
        with s.begin_nested():  # a refusal leaves no half-written order behind
            orders.carry_out_allowed(s, announcement, people=people, follows=follows, now_at=now_at, timing=timing)
        row.outcome = AlertOutcome.ORDERED
    except LoaError as error:
        row.reason = error.reason


def write(
    s: Session, row: ReceivedAlert, written: AnnouncementFields, *, now_at: datetime, by: Person | None = None
) -> bool:
    """The announcement as a draft of the source's, or of whoever copied it; a refusal is why there is none."""
    if by is not None:
        written = replace(written, origin=Origin.PAPER, document_number=row.identifier or None)
    try:
        with s.begin_nested():  # a refusal leaves no half-written announcement behind
            made = announcements.create(s, written, by=by or row.source.account, now_at=now_at)
    except LoaError as error:
        row.reason = error.reason
        return False
    row.announcement_id, row.outcome = made.id, AlertOutcome.PREPARED
    return True


def class_of(infos: Sequence[AlertInfo]) -> BroadcastClass:
    """The most urgent of them."""
    ranks = (BroadcastClass.EMERGENCY, BroadcastClass.PRIORITY, BroadcastClass.ROUTINE)
    found = {meaning.class_of(info) for info in infos}
    return next((each for each in ranks if each in found), BroadcastClass.ROUTINE)


def drop(s: Session, row: ReceivedAlert, outcome: AlertOutcome, *, now_at: datetime) -> None:
    """What waits is withdrawn and becomes ``outcome``; what sounded already stays *ordered*."""
    announcement = _announcement(s, row)
    if row.outcome is not AlertOutcome.PREPARED:
        return
    sounded = _order_of(s, row) is not None or _was_broadcast(s, row)
    row.outcome = AlertOutcome.ORDERED if sounded else outcome
    if not sounded and announcement is not None and announcement.state in _UNSETTLED:
        announcements.withdraw(s, announcement=announcement, by=row.source.account, now_at=now_at)


def _announcement(s: Session, row: ReceivedAlert) -> Announcement | None:
    return s.get(Announcement, row.announcement_id) if row.announcement_id else None


def _order_of(s: Session, row: ReceivedAlert) -> EmergencyOrder | None:
    """The order by which what was prepared of a message sounded."""
    chosen = select(EmergencyOrder).where(
        EmergencyOrder.announcement_id == row.announcement_id, EmergencyOrder.broadcast_id.is_not(None)
    )
    return s.scalars(chosen.order_by(EmergencyOrder.asked_at.desc())).unique().first() if row.announcement_id else None


def _was_broadcast(s: Session, row: ReceivedAlert) -> bool:
    chosen = select(Broadcast.id).where(Broadcast.announcement_id == row.announcement_id)
    return row.announcement_id is not None and s.scalars(chosen).first() is not None


def _sounding(s: Session, earlier: Sequence[ReceivedAlert]) -> str | None:
    """The first broadcast of the newest earlier alarm that nobody ended yet."""
    for each in reversed(earlier):
        order = _order_of(s, each)
        if order is not None:
            return stories.story(s, order).rounds[0].id
    return None
