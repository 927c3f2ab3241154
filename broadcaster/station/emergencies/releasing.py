"""The ready texts released in one sitting: every one heard, all of them approved, each by its own hash."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from broadcaster.errors import LoaError
from broadcaster.refusals.reasons import Reason
from broadcaster.station.announcements import announcements, approvals
from broadcaster.station.announcements.steps import UNRELEASED, Step, require_step
from broadcaster.station.emergencies import phrasebook
from broadcaster.station.people.permitted import refusal
from broadcaster.station.schema import Announcement, Person
from broadcaster.station.units.units import require_in
from broadcaster.station.vocabulary.states import AnnouncementState


@dataclass(frozen=True, slots=True)
class Sitting:
    """released: titles of what may sound from now on; refused: the others, with the reason."""

    released: Sequence[str]
    refused: Sequence[tuple[str, Reason]]


def unreleased_kinds(s: Session) -> list[str]:
    """The kinds of emergency the shipped texts know and no approved text of the commune says yet, in their order."""
    approved = {
        each.phrase for each in phrasebook.book(s) if not each.drill and each.state is AnnouncementState.APPROVED
    }
    return [each.kind for each in phrasebook.shipped() if each.kind not in approved]


def waiting(s: Session) -> list[Announcement]:
    """The ready texts nobody released yet, those without sound among them."""
    return [each for each in phrasebook.book(s) if each.state in UNRELEASED]


def release(s: Session, heard: Mapping[str, str], *, by: Person, now_at: datetime) -> Sitting:
    """Approve these texts, by id, each with the hash of what was heard; what may not be approved stays as it is.

    A draft is sent for approval in the name of whoever began it: the two people are that one and the approver, or, for
    a text just as it was shipped, those who wrote it with the program and the approver. Where whoever began it may not
    write any more, it is sent by the approver.
    """
    released: list[str] = []
    refused: list[tuple[str, Reason]] = []
    for announcement_id, seal in heard.items():
        announcement = announcements.get(s, announcement_id)
        try:
            with s.begin_nested():
                _release(s, announcement, seal, by=by, now_at=now_at)
            released.append(announcement.title)
        except LoaError as error:
            refused.append((announcement.title, error.reason))
    return Sitting(released, refused)


def _release(s: Session, announcement: Announcement, seal: str, *, by: Person, now_at: datetime) -> None:
    require_step(s, Step.RELEASE, announcement, by)
    if announcement.state is not AnnouncementState.PENDING_APPROVAL:
        began = announcement.created_by
        sender = (
            began if refusal(partial(require_in, s, announcement.zones, by=began, permission="write")) is None else by
        )
        approvals.submit(s, announcement=announcement, by=sender, now_at=now_at)
        s.flush()
    approvals.approve(s, announcement=announcement, content_hash=seal, by=by, now_at=now_at)
    s.flush()
