"""What officers write: creating, editing, finding and withdrawing announcements."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from broadcaster.errors import Invalid
from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.announcements import drafts, origins, revisions
from broadcaster.station.announcements.decisions import decide, get, lock, note
from broadcaster.station.announcements.drafts import Draft
from broadcaster.station.announcements.planned_broadcasts import cancel_scheduled
from broadcaster.station.clips import jobs
from broadcaster.station.clips.content import content_hash
from broadcaster.station.clips.plans import read_script
from broadcaster.station.schema import Announcement, Person, Zone
from broadcaster.station.units.units import find_zones, require_in
from broadcaster.station.vocabulary.lifecycles import ANNOUNCEMENT, move
from broadcaster.station.vocabulary.pages import SIZE, Page, contains, page_of
from broadcaster.station.vocabulary.states import AnnouncementState, DecisionAction, Origin
from broadcaster.text import Script

__all__ = ["create", "edit", "get", "listing", "preview", "withdraw"]

_SOUND = ("text", "broadcast_class", "voice", "rate_percent", "repeats", "repeat_key_facts", "recording_sha256")
"""Fields that decide how an announcement sounds."""


def create(
    s: Session,
    *,
    title: str,
    text: str,
    zones: Sequence[Zone | str],
    broadcast_class: str,
    by: Person,
    now_at: datetime,
    drill: bool = False,
    phrase: str | None = None,
    **more: Any,
) -> Announcement:
    """A new draft; its clip is queued to be made. ``zones`` are zones, ids or names; ``more`` as in ``Draft``.

    ``drill`` and ``phrase`` cannot be changed later: no edit makes an exercise real. Raises Invalid or NotAllowed.
    """
    written = Draft(title=title, text=text, zones=_zones(s, zones), broadcast_class=broadcast_class, **more)
    draft = origins.check(drafts.check(written, now_at=now_at), None)
    require_in(s, draft.zones, by=by, permission="write")
    announcement = Announcement(created_by_id=by.id, created_at=now_at, revision=0, state=AnnouncementState.DRAFT)
    announcement.drill, announcement.phrase = drill, phrase
    _fill(announcement, draft, by=by, now_at=now_at)
    _check_speakable(s, draft.text)
    s.add(announcement)
    s.flush()
    jobs.queue(s, announcement=announcement, now_at=now_at)
    note(s, announcement, "announcement.created", by=by, now_at=now_at)
    s.refresh(announcement)
    return announcement


def edit(
    s: Session, *, announcement: Announcement, revision: int, by: Person, now_at: datetime, **changed: Any
) -> Announcement:
    """Change some fields (named as for ``create``). ``revision`` is the one the editor saw.

    Raises Conflict when somebody else saved meanwhile, or when the announcement was rejected or withdrawn. Any change
    voids an approval that was asked for or given, and what was planned to be aired with it.
    """
    current = lock(s, announcement)
    require_in(s, current.zones, by=by, permission="write")
    revisions.check(current, revision)
    before = drafts.draft_of(current)
    if "zones" in changed:
        changed["zones"] = _zones(s, changed["zones"])
    draft = origins.check(drafts.check(drafts.replaced(before, **changed), now_at=now_at), current)
    if _same(draft, before):
        return current
    require_in(s, draft.zones, by=by, permission="write")
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
    """Newest change first; ``query`` is looked for in title and text."""
    chosen = select(Announcement).order_by(Announcement.updated_at.desc(), Announcement.id)
    if state is not None:
        chosen = chosen.where(Announcement.state == AnnouncementState(state))
    for word in query.split()[:10]:
        pattern = contains(word)
        chosen = chosen.where(
            or_(Announcement.title.ilike(pattern, escape="\\"), Announcement.text.ilike(pattern, escape="\\"))
        )
    return page_of(s, chosen, page=page, size=size)


def withdraw(s: Session, *, announcement: Announcement, by: Person, now_at: datetime, comment: str = "") -> None:
    """Take it out of use; what was planned to be aired with it is cancelled. Raises Conflict or NotAllowed."""
    current = lock(s, announcement)
    require_in(s, current.zones, by=by, permission="write")
    current.state = move(ANNOUNCEMENT, current.state, AnnouncementState.WITHDRAWN)
    decide(s, current, DecisionAction.WITHDRAWN, by=by, now_at=now_at, comment=comment)
    cancel_scheduled(s, current, by=by, now_at=now_at)


def preview(s: Session, text: str) -> Script:
    """The words that would be said, without writing anything. Raises Invalid on an empty or too long text."""
    return read_script(s, drafts.check_text(text))


def _zones(s: Session, given: Sequence[Zone | str]) -> tuple[Zone, ...]:
    return tuple(find_zones(s, [each.id if isinstance(each, Zone) else each for each in given]))


def _fill(announcement: Announcement, draft: Draft, *, by: Person, now_at: datetime) -> None:
    for name in drafts.FIELDS:
        setattr(announcement, name, getattr(draft, name) if name != "zones" else list(draft.zones))
    announcement.broadcast_class, announcement.origin = BroadcastClass(draft.broadcast_class), Origin(draft.origin)
    origins.keep_sent_class(announcement)
    announcement.updated_by_id, announcement.updated_at = by.id, now_at
    announcement.revision += 1


def _check_speakable(s: Session, text: str) -> None:
    script = read_script(s, text)
    if not any(each.isalpha() for each in script.text):
        raise Invalid("Nội dung không có từ nào đọc được thành tiếng. Hãy nhập nội dung bằng chữ.", field="text")


def _same(draft: Draft, before: Draft) -> bool:
    if {zone.id for zone in draft.zones} != {zone.id for zone in before.zones}:
        return False
    return drafts.replaced(draft, zones=before.zones) == before


def _renew_sound(s: Session, current: Announcement, draft: Draft, before: Draft, *, now_at: datetime) -> None:
    if any(getattr(draft, name) != getattr(before, name) for name in _SOUND):
        jobs.queue(s, announcement=current, now_at=now_at)
    elif current.clip_sha256 is not None:
        current.content_hash = content_hash(current)
