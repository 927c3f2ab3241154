"""What officers write: creating, editing, finding and withdrawing announcements."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from broadcaster.errors import Invalid
from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.announcements import drafts, origins, revisions
from broadcaster.station.announcements.decisions import decide, get, lock, note
from broadcaster.station.announcements.planned_broadcasts import cancel_scheduled
from broadcaster.station.announcements.steps import OVER, Step, require_step
from broadcaster.station.clips import jobs
from broadcaster.station.clips.content import content_hash
from broadcaster.station.clips.plans import read_script
from broadcaster.station.rows.text_search import having
from broadcaster.station.schema import Announcement, Person, Zone
from broadcaster.station.schema.announcement_fields import AnnouncementFields, Use, fields_of, fill, resounds, used
from broadcaster.station.units.units import find_zones, require_in
from broadcaster.station.vocabulary.lifecycles import ANNOUNCEMENT, move
from broadcaster.station.vocabulary.pages import SIZE, Page, page_of
from broadcaster.station.vocabulary.states import AnnouncementState, DecisionAction
from broadcaster.text import Script

__all__ = ["create", "edit", "emergencies", "get", "listing", "preview", "withdraw"]


def create(s: Session, written: AnnouncementFields, *, by: Person, now_at: datetime) -> Announcement:
    """A new draft; its clip is queued to be made.

    ``drill`` and ``phrase`` cannot be changed later: no edit makes a drill real. Raises Invalid or NotAllowed.
    """
    zones = _zones(s, written.zones)
    draft = origins.check(drafts.check(replace(written, zones=zones), now_at=now_at), None)
    require_in(s, zones, by=by, permission="write")
    announcement = Announcement(
        created_by_id=by.id, created_at=now_at, revision=0, state=AnnouncementState.DRAFT, authors=[]
    )
    _fill(announcement, draft, by=by, now_at=now_at)
    _check_speakable(s, draft.text)
    s.add(announcement)
    s.flush()
    jobs.queue(s, announcement=announcement, now_at=now_at)
    note(s, announcement, "announcement.created", by=by, now_at=now_at)
    s.refresh(announcement)
    return announcement


def edit(
    s: Session, announcement: Announcement, written: AnnouncementFields, *, revision: int, by: Person, now_at: datetime
) -> Announcement:
    """Let it say what is ``written`` now; what is fixed stays. ``revision`` is the one the editor saw.

    Raises Conflict when somebody else saved meanwhile, or when the announcement was rejected or withdrawn. Any change
    voids an approval that was asked for or given, and what was planned to be broadcast with it.
    """
    current = lock(s, announcement)
    require_step(s, Step.EDIT, current, by)
    revisions.check(current, revision)
    before, zones = fields_of(current), _zones(s, written.zones)
    fixed = {name: getattr(before, name) for name in used(Use.FIXED)}
    draft = origins.check(drafts.check(replace(written, zones=zones, **fixed), now_at=now_at), current)
    if _same(draft, before):
        return current
    require_in(s, zones, by=by, permission="write")
    _check_speakable(s, draft.text)
    revisions.void(s, current, by=by, now_at=now_at)
    _fill(current, draft, by=by, now_at=now_at)
    s.flush()
    _renew_sound(s, current, draft, before, now_at=now_at)
    note(s, current, "announcement.edited", by=by, now_at=now_at)
    s.flush()
    s.refresh(current)
    return current


def listing(
    s: Session, *, state: str | None = None, query: str = "", page: int = 1, size: int = SIZE
) -> Page[Announcement]:
    """Newest change first; ``query``: words in title or text, without regard to case and marks."""
    chosen = select(Announcement).order_by(Announcement.updated_at.desc(), Announcement.id)
    if state is not None:
        chosen = chosen.where(Announcement.state == AnnouncementState(state))
    chosen = chosen.where(*having(query, Announcement.title, Announcement.text))
    return page_of(s, chosen, page=page, size=size)


def pending_count(s: Session) -> int:
    """How many wait for a decision."""
    pending = select(func.count()).where(Announcement.state == AnnouncementState.PENDING_APPROVAL)
    return s.scalar(pending) or 0


def written_by(s: Session, person: Person, *, state: AnnouncementState, most: int) -> list[Announcement]:
    """Those somebody began that are in this state, newest change first."""
    mine = select(Announcement).where(Announcement.created_by_id == person.id, Announcement.state == state)
    return list(s.scalars(mine.order_by(Announcement.updated_at.desc()).limit(most)))


def approved_titles(s: Session, *, most: int, query: str = "") -> list[tuple[str, str]]:
    """Id and title of what may be broadcast, newest change first; ``query`` as in ``listing``."""
    approved = select(Announcement.id, Announcement.title).where(Announcement.state == AnnouncementState.APPROVED)
    approved = approved.where(*having(query, Announcement.title, Announcement.text))
    found = s.execute(approved.order_by(Announcement.updated_at.desc()).limit(most))
    return [(announcement_id, title) for announcement_id, title in found]


def emergencies(s: Session, *, most: int) -> list[Announcement]:
    """Texts of alarms that are neither rejected nor withdrawn, the newest first."""
    chosen = select(Announcement).where(
        Announcement.broadcast_class == BroadcastClass.EMERGENCY, Announcement.state.not_in(OVER)
    )
    return list(s.scalars(chosen.order_by(Announcement.updated_at.desc(), Announcement.id).limit(most)).unique())


def withdraw(s: Session, *, announcement: Announcement, by: Person, now_at: datetime, comment: str = "") -> None:
    """Take it out of use; what was planned to be aired with it is cancelled. Raises Conflict or NotAllowed."""
    current = lock(s, announcement)
    require_step(s, Step.WITHDRAW, current, by)
    current.state = move(ANNOUNCEMENT, current.state, AnnouncementState.WITHDRAWN)
    decide(s, current, DecisionAction.WITHDRAWN, by=by, now_at=now_at, comment=comment)
    cancel_scheduled(s, current, by=by, now_at=now_at)


def preview(s: Session, text: str) -> Script:
    """The words that would be said, without writing anything. Raises Invalid on an empty or too long text."""
    return read_script(s, drafts.check_text(text))


def _zones(s: Session, given: Sequence[Zone | str]) -> tuple[Zone, ...]:
    return tuple(find_zones(s, [_zone_id(each) for each in given]))


def _fill(announcement: Announcement, draft: AnnouncementFields, *, by: Person, now_at: datetime) -> None:
    fill(announcement, draft)
    origins.keep_sent_class(announcement)
    revisions.touch(announcement, by=by, now_at=now_at)


def _check_speakable(s: Session, text: str) -> None:
    script = read_script(s, text)
    if not any(each.isalpha() for each in script.text):
        raise Invalid("announcement.nothing_to_say", field="text")


def _same(draft: AnnouncementFields, before: AnnouncementFields) -> bool:
    if {_zone_id(each) for each in draft.zones} != {_zone_id(each) for each in before.zones}:
        return False
    return replace(draft, zones=before.zones) == before


def _zone_id(zone: Zone | str) -> str:
    return zone.id if isinstance(zone, Zone) else zone


def _renew_sound(
    s: Session, current: Announcement, draft: AnnouncementFields, before: AnnouncementFields, *, now_at: datetime
) -> None:
    if resounds(before, draft):
        jobs.queue(s, announcement=current, now_at=now_at)
    elif current.clip_sha256 is not None:
        current.content_hash = content_hash(current)
