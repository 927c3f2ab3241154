"""Music of the commune's own around its programmes: uploaded once, made a clip, heard and approved by a second person,
chosen for slots.

What is not approved is never heard: a slot that has chosen it goes without.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from broadcaster.clip_plans import TunePlan, tune_hash
from broadcaster.errors import Conflict, Invalid, NotAllowed, NotFound
from broadcaster.refusals.reasons import Reason
from broadcaster.station.audit import entries as audit
from broadcaster.station.people.roles import require
from broadcaster.station.rows import changes
from broadcaster.station.schema import Clip, Person, Tune
from broadcaster.station.vocabulary.names import name_of
from broadcaster.station.vocabulary.states import TuneKind

PATIENCE = timedelta(minutes=5)
"""A worker that took one so long ago and did not finish is dead, and what the disk refused may be tried again."""
MOST_SECONDS = {TuneKind.OPENING: 90, TuneKind.ENDING: 90, TuneKind.BED: 600, TuneKind.FILLER: 90}
"""Longer music is a programme and goes the way of announcements."""


def add(s: Session, *, kind: str, name: str, recording_sha256: str, by: Person, now_at: datetime) -> Tune:
    """Music whose file lies among the recordings; its clip is made next. Raises Invalid or NotAllowed."""
    require(s, by, "write", None)
    if kind not in set(TuneKind):
        raise Invalid("tune.kind_unknown", field="kind")
    tune = Tune(
        kind=TuneKind(kind),
        name=name_of(name, field="name"),
        recording_sha256=recording_sha256,
        added_by_id=by.id,
        added_at=now_at,
    )
    s.add(tune)
    s.flush()
    _note(s, tune, "tune.added", by=by, now_at=now_at)
    changes.bump(s, "jobs")
    return tune


def approve(s: Session, *, tune: Tune, clip_sha256: str, by: Person, now_at: datetime) -> None:
    """Slots that have chosen it play it from now on. ``clip_sha256``: of what this person heard.

    Raises NotAllowed for whoever uploaded it, Conflict when it is gone, not made yet, or another than was heard.
    """
    require(s, by, "approve", None)
    if by.id == tune.added_by_id:
        raise NotAllowed("tune.own")
    if tune.removed_at is not None:
        raise Conflict("tune.removed")
    if tune.clip_sha256 is None or tune.clip_sha256 != clip_sha256:
        raise Conflict("tune.not_heard", field="clip_sha256")
    if tune.approved_at is None:
        tune.approved_by_id, tune.approved_at = by.id, now_at
        _note(s, tune, "tune.approved", by=by, now_at=now_at)
        changes.bump(s, "slots")


def remove(s: Session, *, tune: Tune, by: Person, now_at: datetime) -> None:
    """No programme has it any more."""
    require(s, by, "write", None)
    if tune.removed_at is None:
        tune.removed_at = now_at
        _note(s, tune, "tune.removed", by=by, now_at=now_at)
        changes.bump(s, "slots")


def get(s: Session, tune_id: str) -> Tune:
    """Raises NotFound."""
    tune = s.get(Tune, tune_id)
    if tune is None:
        raise NotFound("tune.not_found")
    return tune


def listing(s: Session) -> list[Tune]:
    """All that were not removed, by kind and name."""
    chosen = select(Tune).where(Tune.removed_at.is_(None)).order_by(Tune.kind, Tune.name, Tune.id)
    return list(s.scalars(chosen).unique())


def waiting_for_approval(s: Session) -> list[Tune]:
    """Those that can be heard and that nobody approved, the oldest first."""
    open_still = (Tune.removed_at.is_(None), Tune.approved_at.is_(None), Tune.clip_sha256.is_not(None))
    return list(s.scalars(select(Tune).where(*open_still).order_by(Tune.added_at, Tune.id)).unique())


def usable(s: Session, ids: Iterable[str | None]) -> dict[str, Tune]:
    """Those of these that may sound, by id."""
    wanted = [each for each in ids if each]
    if not wanted:
        return {}
    chosen = select(Tune).where(
        Tune.id.in_(wanted), Tune.removed_at.is_(None), Tune.approved_at.is_not(None), Tune.clip_sha256.is_not(None)
    )
    return {tune.id: tune for tune in s.scalars(chosen).unique()}


def check_choice(s: Session, tune_id: str | None, kind: TuneKind, *, field: str) -> str | None:
    """An id of this kind that a slot may take, or None for none. Raises Invalid."""
    if not tune_id:
        return None
    tune = s.get(Tune, tune_id)
    if tune is None or tune.removed_at is not None or tune.kind is not kind:
        raise Invalid("tune.not_to_choose", field=field)
    return tune.id


def plan(tune: Tune) -> TunePlan:
    """What is to be made of it."""
    return TunePlan(tune.recording_sha256, MOST_SECONDS[tune.kind])


def waiting(s: Session, *, now_at: datetime) -> bool:
    """Whether there is one to be made that nobody is at work on."""
    return s.scalar(select(Tune.id).where(_free(now_at)).limit(1)) is not None


def claim(s: Session, *, worker: str, now_at: datetime) -> Tune | None:
    """The oldest one nobody is at work on, now this worker's."""
    free = _free(now_at)
    oldest = select(Tune.id).where(free).order_by(Tune.added_at, Tune.id).limit(1)
    tune_id = s.scalar(oldest.with_for_update(skip_locked=True))
    if tune_id is None:
        return None
    taken = update(Tune).where(Tune.id == tune_id, free).values(claimed_by=worker, claimed_at=now_at)
    if s.execute(taken.returning(Tune.id)).scalar() is None:
        return None
    return s.get(Tune, tune_id, populate_existing=True)


def finish(s: Session, *, tune_id: str, clip: Clip) -> None:
    """It can be heard."""
    s.execute(update(Tune).where(Tune.id == tune_id).values(clip_sha256=clip.sha256, error=None))
    changes.bump(s, "jobs")


def fail(s: Session, *, tune_id: str, error: Reason) -> None:
    """The file is of no use: another has to be brought."""
    s.execute(update(Tune).where(Tune.id == tune_id).values(error=error))
    changes.bump(s, "jobs")


def made_name(tune: Tune) -> str:
    """The hash of everything that decides how it sounds."""
    return tune_hash(plan(tune))


def _free(now_at: datetime) -> ColumnElement[bool]:
    untouched = or_(Tune.claimed_at.is_(None), Tune.claimed_at < now_at - PATIENCE)
    return and_(Tune.clip_sha256.is_(None), Tune.error.is_(None), Tune.removed_at.is_(None), untouched)


def _note(s: Session, tune: Tune, action: str, *, by: Person, now_at: datetime) -> None:
    details = {"name": tune.name, "kind": tune.kind.value, "recording": tune.recording_sha256}
    audit.record(s, by=by, action=action, subject=f"tune:{tune.id}", now_at=now_at, details=details)
