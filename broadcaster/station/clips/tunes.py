"""Music of the commune's own around its programmes: uploaded once, made a clip, heard and approved by a second person,
chosen for slots.

What is not approved is never heard: a slot that has chosen it goes without.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from broadcaster.clip_plans import TunePlan, tune_hash
from broadcaster.errors import Conflict, Invalid, NotFound
from broadcaster.station.audit import entries as audit
from broadcaster.station.clips import steps
from broadcaster.station.clips.clip_queue import ClipQueue
from broadcaster.station.clips.steps import TuneStep
from broadcaster.station.people.roles import require
from broadcaster.station.rows import changes
from broadcaster.station.schema import Person, Tune
from broadcaster.station.vocabulary.names import name_of
from broadcaster.station.vocabulary.states import TuneKind

MOST_SECONDS = {TuneKind.OPENING: 90, TuneKind.ENDING: 90, TuneKind.BED: 600, TuneKind.FILLER: 90}
"""Longer music is a programme and goes the way of announcements."""
QUEUE = ClipQueue(
    Tune, Tune.id, Tune.added_at, unless=lambda: or_(Tune.error.is_not(None), Tune.removed_at.is_not(None))
)
"""A file of no use is not tried again: another has to be brought."""


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
    steps.require_step(s, TuneStep.APPROVE, tune, by)
    if tune.clip_sha256 != clip_sha256:
        raise Conflict("tune.not_heard", field="clip_sha256")
    tune.approved_by_id, tune.approved_at = by.id, now_at
    _note(s, tune, "tune.approved", by=by, now_at=now_at)
    changes.bump(s, "slots")


def remove(s: Session, *, tune: Tune, by: Person, now_at: datetime) -> None:
    """No programme has it any more. Raises NotAllowed, or Conflict when that was said before."""
    steps.require_step(s, TuneStep.REMOVE, tune, by)
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


def made_name(tune: Tune) -> str:
    """The hash of everything that decides how it sounds."""
    return tune_hash(plan(tune))


def _note(s: Session, tune: Tune, action: str, *, by: Person, now_at: datetime) -> None:
    details = {"name": tune.name, "kind": tune.kind.value, "recording": tune.recording_sha256}
    audit.record(s, by=by, action=action, subject=f"tune:{tune.id}", now_at=now_at, details=details)
