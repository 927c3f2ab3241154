"""Changing what is there already: nobody overwrites what they did not see, and no approval outlives a change."""

from datetime import datetime

from sqlalchemy.orm import Session

from broadcaster.errors import Conflict
from broadcaster.station.announcements import steps  # the module: it leads back here through the versions
from broadcaster.station.announcements.decisions import decide, lock
from broadcaster.station.announcements.planned_broadcasts import cancel_scheduled
from broadcaster.station.schema import Announcement, Person
from broadcaster.station.vocabulary.lifecycles import ANNOUNCEMENT, can_move, move
from broadcaster.station.vocabulary.states import AnnouncementState, DecisionAction


def begin(s: Session, *, announcement: Announcement, revision: int, by: Person, now_at: datetime) -> Announcement:
    """The announcement, held and open for a change beside its fields; this is already its next revision.

    Raises as ``announcements.edit``.
    """
    current = lock(s, announcement)
    steps.require_step(s, steps.Step.EDIT, current, by)
    check(current, revision)
    void(s, current, by=by, now_at=now_at)
    touch(current, by=by, now_at=now_at)
    return current


def touch(current: Announcement, *, by: Person, now_at: datetime) -> None:
    """This person changed it: the next revision, which they may not approve."""
    current.updated_by_id, current.updated_at = by.id, now_at
    current.authors = sorted({*current.authors, by.id})
    current.revision += 1


def check(current: Announcement, revision: int) -> None:
    """Raises Conflict when this is no longer the revision somebody saw."""
    if current.revision != revision:
        raise Conflict("announcement.edited_meanwhile", person=current.updated_by.full_name, at=current.updated_at)


def void(s: Session, current: Announcement, *, by: Person, now_at: datetime) -> None:
    """Back to a draft; what was planned with the approval is cancelled. Raises Conflict after a refusal."""
    if current.state is AnnouncementState.DRAFT:
        return
    if not can_move(ANNOUNCEMENT, current.state, AnnouncementState.DRAFT):
        raise Conflict("announcement.no_longer_editable")
    if current.state is not AnnouncementState.RETURNED:
        decide(s, current, DecisionAction.VOIDED, by=by, now_at=now_at)
        cancel_scheduled(s, current, by=by, now_at=now_at)
    current.state = move(ANNOUNCEMENT, current.state, AnnouncementState.DRAFT)
