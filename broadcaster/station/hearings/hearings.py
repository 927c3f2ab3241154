"""Proof-hearing of what waits for approval, draft transcripts of what people recorded or said live.

Nothing is queued: what should be heard follows from the tables, and a row stands for each clip that was taken up. A
proof is for the staff; a transcript is for residents who cannot hear, and always called the machine's.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, null, or_, select
from sqlalchemy.orm import Session

from broadcaster.clip_plans import ClipPlan
from broadcaster.refusals.reasons import Reason
from broadcaster.speech.listener.marks import WordMark
from broadcaster.station.clips import clips
from broadcaster.station.clips.plans import plan, script_of
from broadcaster.station.rows import changes
from broadcaster.station.rows.inserting import insert_once
from broadcaster.station.schema import Announcement, Clip, LiveSessionRow, MachineHearing
from broadcaster.station.vocabulary.states import AnnouncementState

PATIENCE = timedelta(hours=2)
"""A listener that took a clip so long ago and did not finish is dead; the clip may be heard again."""
_UPLOAD = "upload"
_UNDECIDED = (AnnouncementState.DRAFT, AnnouncementState.RETURNED, AnnouncementState.PENDING_APPROVAL)
_ALIVE = (*_UNDECIDED, AnnouncementState.APPROVED)


@dataclass(frozen=True, slots=True)
class Assignment:
    """One clip to be heard.

    plan: the words it says and who said them; None for a recording, which is written down instead.
    engine: the voice that spoke.
    recording: sha256 of the uploaded file, cleaner than the clip; None for the clip itself.
    """

    clip_sha256: str
    engine: str
    plan: ClipPlan | None = None
    recording: str | None = None


def take(s: Session, *, listener: str, now_at: datetime) -> Assignment | None:
    """The clip that should be heard next, now this listener's; what was made last is waited for most.

    What waits for approval stands before recordings, as nobody decides about a transcript.
    """
    found = next((each for each in (s.execute(one.limit(1)).first() for one in _wanted(now_at)) if each), None)
    if found is None:
        return None
    _claim(s, found.sha256, listener, now_at)
    return _assignment(s, found.sha256, found.announcement_id)


def waiting(s: Session, *, now_at: datetime) -> bool:
    """Whether there is one; asked before taking, as asking locks nothing."""
    return any(s.execute(one.limit(1)).first() for one in _wanted(now_at))


def proven(
    s: Session, sha256: str, *, words: int, mean_nats: float, marks: Sequence[WordMark], now_at: datetime
) -> None:
    """What was not made out of a clip; ``words``: how many were asked for."""
    row = s.get_one(MachineHearing, sha256)
    row.made_at, row.words, row.mean_nats = now_at, words, mean_nats
    row.marks = [asdict(each) for each in marks]
    _changed(s)


def written(s: Session, sha256: str, *, text: str, now_at: datetime) -> None:
    """What the machine would write of a recording."""
    row = s.get_one(MachineHearing, sha256)
    row.made_at, row.text = now_at, text
    _changed(s)


def failed(s: Session, sha256: str, *, error: Reason, now_at: datetime) -> None:
    """It is not tried again by itself: nobody depends on it."""
    row = s.get_one(MachineHearing, sha256)
    row.made_at, row.error = now_at, error
    _changed(s)


def of(s: Session, sha256: str | None) -> MachineHearing | None:
    """What was made out of a clip; None while nothing is known."""
    row = s.get(MachineHearing, sha256) if sha256 else None
    return row if row is not None and row.made_at is not None and row.error is None else None


def transcripts(s: Session, shas: Iterable[str]) -> dict[str, str]:
    """What the machine wrote of these clips, by their sha256; those without words are left out."""
    found = select(MachineHearing.clip_sha256, MachineHearing.text).where(
        MachineHearing.clip_sha256.in_(list(shas)), MachineHearing.text.is_not(None), MachineHearing.text != ""
    )
    return {sha256: text for sha256, text in s.execute(found) if text}


def _wanted(now_at: datetime) -> Iterator[Select[Any, Any]]:
    """Clips with the announcement they are of, the newest first: proofs, recordings, live sessions."""
    of_announcement = select(Clip.sha256, Announcement.id.label("announcement_id")).join(
        Announcement, Announcement.clip_sha256 == Clip.sha256
    )
    spoken = and_(Clip.engine != _UPLOAD, Announcement.state.in_(_UNDECIDED))
    recorded = and_(Clip.engine == _UPLOAD, Announcement.state.in_(_ALIVE))
    live = select(Clip.sha256, null().label("announcement_id")).join(
        LiveSessionRow, LiveSessionRow.recording_sha256 == Clip.sha256
    )
    wanted: tuple[Select[Any, Any], ...] = (of_announcement.where(spoken), of_announcement.where(recorded), live)
    for chosen in wanted:
        there = chosen.where(Clip.plan_hash.not_like(f"{clips.GONE}%"), _unheard(now_at))
        yield there.order_by(Clip.created_at.desc(), Clip.sha256)


def _unheard(now_at: datetime) -> ColumnElement[bool]:
    heard = select(MachineHearing.clip_sha256).where(
        or_(MachineHearing.made_at.is_not(None), MachineHearing.claimed_at > now_at - PATIENCE)
    )
    return Clip.sha256.not_in(heard)


def _claim(s: Session, sha256: str, listener: str, now_at: datetime) -> None:
    s.execute(insert_once(s, MachineHearing, clip_sha256=sha256, listener=listener, claimed_at=now_at))
    row = s.get_one(MachineHearing, sha256, populate_existing=True)
    row.listener, row.claimed_at = listener, now_at


def _assignment(s: Session, sha256: str, announcement_id: str | None) -> Assignment:
    clip = s.get_one(Clip, sha256)
    announcement = s.get(Announcement, announcement_id) if announcement_id else None
    if announcement is None:
        return Assignment(sha256, clip.engine)
    if clip.engine == _UPLOAD:
        return Assignment(sha256, clip.engine, recording=announcement.recording_sha256)
    named = plan(s, announcement, script_of(s, announcement)).plan
    return Assignment(sha256, clip.engine, plan=named if isinstance(named, ClipPlan) else None)


def _changed(s: Session) -> None:
    changes.bump(s, "jobs")
    changes.bump(s, "announcements")
