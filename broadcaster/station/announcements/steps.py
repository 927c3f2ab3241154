"""What a person may do with an announcement now, and why not: the act asks it, and its page and the API show it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, LoaError, NotAllowed
from broadcaster.protocol.values import BroadcastClass
from broadcaster.refusals.reasons import Reason
from broadcaster.station.announcements import versions
from broadcaster.station.clips import jobs
from broadcaster.station.clips.content import content_hash
from broadcaster.station.people.permitted import refusal
from broadcaster.station.people.roles import Permission, require_somewhere
from broadcaster.station.rules import emergency_rules
from broadcaster.station.schema import Announcement, Decision, Person
from broadcaster.station.units.units import require_in
from broadcaster.station.vocabulary.lifecycles import ANNOUNCEMENT, can_move, move
from broadcaster.station.vocabulary.states import AnnouncementState, DecisionAction, EmergencyMode, JobState

_A, _P = AnnouncementState, Permission
OVER = (_A.REJECTED, _A.WITHDRAWN)
UNRELEASED = (_A.DRAFT, _A.RETURNED, _A.PENDING_APPROVAL)


class Step(StrEnum):
    """One thing to do with an announcement; each is a button on its page, or on that of the ready texts.

    DRILL: have an exercise made of a ready text; RELEASE: approve a ready text that nobody sent for approval.
    """

    EDIT = "edit"
    RENDER = "render"
    STOP_RENDERING = "stop_rendering"
    SUBMIT = "submit"
    APPROVE = "approve"
    RETURN = "return"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    BROADCAST = "broadcast"
    SCHEDULE = "schedule"
    ORDER_EMERGENCY = "order_emergency"
    DRILL = "drill"
    RELEASE = "release"


Check = Callable[[Session, Announcement, Person], LoaError | None]
"""None when nothing stands in the way."""
Held = Callable[[Session, Announcement, Person, Permission], None]
"""Raises NotAllowed."""


def _everywhere(s: Session, announcement: Announcement, person: Person, permission: Permission) -> None:
    require_in(s, announcement.zones, by=person, permission=permission)


def _in_some_zone(s: Session, announcement: Announcement, person: Person, permission: Permission) -> None:
    """An order names those zones of the text in which it shall sound."""
    refused = [refusal(partial(require_in, s, [each], by=person, permission=permission)) for each in announcement.zones]
    if refused and None not in refused:
        _everywhere(s, announcement, person, permission)


def _anywhere(_s: Session, _announcement: Announcement, person: Person, permission: Permission) -> None:
    """Where it sounds is the slot's affair."""
    require_somewhere(person, permission)


@dataclass(frozen=True, slots=True)
class _Rule:
    """permission: what is asked; checks: in this order, the first refusal counts; held: where it must be held."""

    permission: Permission
    checks: tuple[Check, ...] = ()
    held: Held = _everywhere


def steps(s: Session, announcement: Announcement, person: Person) -> frozenset[Step]:
    """All that this person may do with it now."""
    return frozenset(step for step in Step if obstacle(s, step, announcement, person) is None)


def require_step(s: Session, step: Step, announcement: Announcement, person: Person) -> None:
    """Raises what stands in the way."""
    refused = obstacle(s, step, announcement, person)
    if refused is not None:
        raise refused


def obstacle(s: Session, step: Step, announcement: Announcement, person: Person) -> LoaError | None:
    """Why this person may not do it now; None when nothing stands in the way."""
    rule = _RULES[step]
    try:
        rule.held(s, announcement, person, rule.permission)
    except NotAllowed as refused:
        return refused
    return next((found for check in rule.checks if (found := check(s, announcement, person)) is not None), None)


def still_sealed(announcement: Announcement) -> bool:
    """Whether nothing the hash covers changed since it was taken."""
    return announcement.clip_sha256 is not None and announcement.content_hash == content_hash(announcement)


def _moves_to(state: AnnouncementState) -> Check:
    def check(_s: Session, announcement: Announcement, _person: Person) -> LoaError | None:
        try:
            move(ANNOUNCEMENT, announcement.state, state)
        except Conflict as refused:
            return refused
        return None

    return check


def _is_open(_s: Session, announcement: Announcement, _person: Person) -> LoaError | None:
    editable = announcement.state is _A.DRAFT or can_move(ANNOUNCEMENT, announcement.state, _A.DRAFT)
    return None if editable else Conflict("announcement.no_longer_editable")


def _is_being_written(_s: Session, announcement: Announcement, _person: Person) -> LoaError | None:
    written = announcement.state in (_A.DRAFT, _A.RETURNED)
    return None if written else Conflict("clip.announcement_submitted")


def _is_being_rendered(s: Session, announcement: Announcement, _person: Person) -> LoaError | None:
    job = jobs.latest(s, announcement)
    return None if job is not None and job.state in jobs.LIVE else Conflict("clip.no_job")


def _is_not_being_rendered(s: Session, announcement: Announcement, person: Person) -> LoaError | None:
    going_on = _is_being_rendered(s, announcement, person) is None
    return Conflict("approval.clip_being_made") if going_on else None


def _has_sound(s: Session, announcement: Announcement, _person: Person) -> LoaError | None:
    if announcement.clip_sha256 is None:
        return Conflict.of(_why_no_clip(s, announcement))
    unready = versions.obstacle(s, announcement)
    return Conflict.of(unready) if unready else None


def _is_sealed(_s: Session, announcement: Announcement, _person: Person) -> LoaError | None:
    return None if still_sealed(announcement) else Conflict("approval.announcement_changed")


def _is_approved(_s: Session, announcement: Announcement, _person: Person) -> LoaError | None:
    released = announcement.state is _A.APPROVED and still_sealed(announcement)
    return None if released else Conflict("broadcast.not_approved")


def _is_somebody_elses(s: Session, announcement: Announcement, person: Person) -> LoaError | None:
    """Nobody releases words of their own: whoever wrote any part since the last approval, or asked for this one.

    A ready text just as it was shipped was written by nobody in the commune: whoever copied it may release it.
    """
    if announcement.phrase is not None and announcement.revision == 1 and not announcement.authors:
        return None
    asked = select(Decision.by_id).where(
        Decision.announcement_id == announcement.id, Decision.action == DecisionAction.SUBMITTED
    )
    submitter = s.scalar(asked.order_by(Decision.number.desc()).limit(1))
    wrote = {announcement.created_by_id, announcement.updated_by_id, submitter, *announcement.authors}
    return NotAllowed("approval.own_announcement") if person.id in wrote else None


def _is_ordered_here(s: Session, announcement: Announcement, person: Person) -> LoaError | None:
    """An alarm is a matter of two people even when its text is approved, unless the commune lets one declare it."""
    if announcement.broadcast_class is not BroadcastClass.EMERGENCY:
        return None
    try:
        require_in(s, announcement.zones, by=person, permission=_P.EMERGENCY)
    except NotAllowed as refused:
        return refused
    if announcement.phrase is not None:
        return Conflict("broadcast.prepared_emergency")
    two = emergency_rules.mode(s) is not EmergencyMode.DECLARED
    return Conflict("broadcast.needs_two_people") if two else None


def _is_an_emergency(_s: Session, announcement: Announcement, _person: Person) -> LoaError | None:
    fitting = announcement.broadcast_class is BroadcastClass.EMERGENCY and announcement.state not in OVER
    return None if fitting else Conflict("emergency.not_an_emergency")


def _has_no_drill(s: Session, announcement: Announcement, _person: Person) -> LoaError | None:
    """A ready text has one drill for the same zones."""
    if announcement.phrase is None or announcement.drill or announcement.state in OVER:
        return Conflict("phrasebook.drill_of_other")
    there = select(Announcement).where(
        Announcement.phrase == announcement.phrase, Announcement.drill, Announcement.state.not_in(OVER)
    )
    zones = {each.id for each in announcement.zones}
    known = any({zone.id for zone in each.zones} == zones for each in s.scalars(there).unique())
    return Conflict("phrasebook.drill_exists") if known else None


def _is_unreleased(_s: Session, announcement: Announcement, _person: Person) -> LoaError | None:
    waits = announcement.phrase is not None and announcement.state in UNRELEASED
    return None if waits else Conflict("phrasebook.nothing_to_release")


def _may_stand_in_a_slot(_s: Session, announcement: Announcement, _person: Person) -> LoaError | None:
    if announcement.state in OVER:
        return Conflict("slot.announcement_closed")
    return Conflict("slot.emergency") if announcement.broadcast_class is BroadcastClass.EMERGENCY else None


def _why_no_clip(s: Session, announcement: Announcement) -> Reason:
    job = jobs.latest(s, announcement)
    if job is not None and job.state is JobState.FAILED:
        return Reason("approval.clip_failed", why=job.error or jobs.UNKNOWN_FAULT)
    if job is not None and job.state in jobs.LIVE:
        return Reason("approval.clip_being_made")
    return Reason("approval.no_clip")


_RULES = {
    Step.EDIT: _Rule(_P.WRITE, (_is_open,)),
    Step.RENDER: _Rule(_P.WRITE, (_is_being_written, _is_not_being_rendered)),
    Step.STOP_RENDERING: _Rule(_P.WRITE, (_is_being_rendered,)),
    Step.SUBMIT: _Rule(_P.WRITE, (_moves_to(_A.PENDING_APPROVAL), _has_sound)),
    Step.APPROVE: _Rule(_P.APPROVE, (_is_somebody_elses, _moves_to(_A.APPROVED), _is_sealed)),
    Step.RETURN: _Rule(_P.APPROVE, (_moves_to(_A.RETURNED),)),
    Step.REJECT: _Rule(_P.APPROVE, (_moves_to(_A.REJECTED),)),
    Step.WITHDRAW: _Rule(_P.WRITE, (_moves_to(_A.WITHDRAWN),)),
    Step.BROADCAST: _Rule(_P.BROADCAST, (_is_ordered_here, _is_approved)),
    Step.SCHEDULE: _Rule(_P.SCHEDULE, (_may_stand_in_a_slot,), _anywhere),
    Step.ORDER_EMERGENCY: _Rule(_P.EMERGENCY, (_is_an_emergency, _has_sound), _in_some_zone),
    Step.DRILL: _Rule(_P.WRITE, (_has_no_drill,)),
    Step.RELEASE: _Rule(_P.APPROVE, (_is_unreleased, _is_not_being_rendered, _has_sound, _is_somebody_elses)),
}
