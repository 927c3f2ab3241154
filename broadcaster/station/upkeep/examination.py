"""What a doctor asks of a station: one function per question, each answering with findings and remedies."""

import hashlib
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from broadcaster.config import Config
from broadcaster.errors import LoaError
from broadcaster.refusals.reasons import Reason, word
from broadcaster.station.audit import entries as audit
from broadcaster.station.clips import clips
from broadcaster.station.copies import second_copy
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import nodes
from broadcaster.station.nodes.board import faults, station_apart
from broadcaster.station.nodes.station_key import FILE, StationIdentity
from broadcaster.station.notices import channels, history
from broadcaster.station.people import people
from broadcaster.station.programmes import moments
from broadcaster.station.rows import heartbeats
from broadcaster.station.schema import Clip, RenderJob
from broadcaster.station.vocabulary.states import JobState

LEAST_BYTES = 500_000_000
SILENT = timedelta(minutes=1)
FIRST_YEAR = 2025
LATE = timedelta(minutes=5)
"""A message to people that waits so long, of a channel that does not rest."""
PARTS = ("station", "publisher", "renderer")


class Grade(StrEnum):
    """How bad it is."""

    GOOD = "good"
    LOOK = "look"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class ExaminationFinding:
    """grade: how bad; reason: subject, fact and remedy."""

    grade: Grade
    reason: Reason


@dataclass(frozen=True, slots=True)
class ExaminedStation:
    """config, database: of the station; now_at: when it is asked."""

    config: Config
    database: Database
    now_at: datetime


Question = Callable[[ExaminedStation], Iterator[ExaminationFinding]]


def examine(patient: ExaminedStation) -> list[ExaminationFinding]:
    """Every question, in order; a question that cannot be answered is itself a finding."""
    findings: list[ExaminationFinding] = []
    for question in QUESTIONS:
        try:
            findings += question(patient)
        except (LoaError, OSError) as error:
            findings.append(ExaminationFinding(Grade.BAD, _why(error)))
    return findings


def _clock(patient: ExaminedStation) -> Iterator[ExaminationFinding]:
    if patient.now_at.year < FIRST_YEAR:
        yield _bad(Reason("doctor.clock_wrong", year=patient.now_at.year))
    else:
        yield _good(Reason("doctor.clock", written=f"{patient.now_at:%H:%M %d/%m/%Y}"))


def _vouched(patient: ExaminedStation) -> Iterator[ExaminationFinding]:
    """What the running station says of the clock it goes by."""
    with patient.database.reading() as s:
        publisher = heartbeats.read(s).get("publisher")
    if publisher is not None and "clock_unvouched" in publisher.detail.get("hindrances", ()):
        yield _bad(Reason("doctor.clock_unvouched"))


def _copies(patient: ExaminedStation) -> Iterator[ExaminationFinding]:
    """Whether another machine signs as this station."""
    with patient.database.reading() as s:
        reason = second_copy.reason(s)
    if reason is not None:
        yield _bad(reason)


def _queue(patient: ExaminedStation) -> Iterator[ExaminationFinding]:
    """What the scheduler does next, from the tables that it derives its jobs from."""
    ahead = timedelta(hours=patient.config.schedule.freeze_hours)
    with patient.database.reading() as s:
        coming = moments.coming(s, now_at=patient.now_at, ahead=ahead)
    if coming:
        first = coming[0]
        yield _good(Reason("doctor.moments", count=len(coming), at=first.at, title=first.title))


def _disk(patient: ExaminedStation) -> Iterator[ExaminationFinding]:
    folder = patient.config.data_dir
    free = shutil.disk_usage(folder if folder.exists() else folder.absolute().parent).free
    facts = {"free": free // 1_000_000, "folder": folder}
    yield _good(Reason("doctor.disk", **facts)) if free >= LEAST_BYTES else _bad(Reason("doctor.disk_low", **facts))


def _database(patient: ExaminedStation) -> Iterator[ExaminationFinding]:
    with patient.database.reading() as s:
        if s.get_bind().dialect.name == "sqlite":
            answer = s.scalar(text("PRAGMA quick_check"))
            if answer != "ok":
                yield _bad(Reason("doctor.database_broken", cause=answer))
                return
        yield _good(Reason("doctor.database_sound"))
        yield from _audit(s)
        if not people.count(s):
            yield _look(Reason("doctor.nobody"))


def _audit(s: Session) -> Iterator[ExaminationFinding]:
    problems = audit.verify(s)
    for problem in problems[:5]:
        yield _bad(Reason("doctor.audit_broken", why=problem.reason))
    if not problems:
        yield _good(Reason("doctor.audit_sound"))


def _key(patient: ExaminedStation) -> Iterator[ExaminationFinding]:
    path = patient.config.data_dir / FILE
    if not path.exists():
        yield _look(Reason("doctor.no_key"))
        return
    StationIdentity.load_or_create(patient.config.data_dir, patient.config.station.id)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield _bad(Reason("doctor.key_readable", path=path))
    else:
        yield _good(Reason("doctor.key_sound"))


def _clips(patient: ExaminedStation) -> Iterator[ExaminationFinding]:
    with patient.database.reading() as s:
        needed = clips.in_use(s, patient.now_at)
        known = s.scalar(select(func.count()).select_from(Clip)) or 0
    lost = [sha for sha in sorted(needed) if not _sound(patient, sha)]
    for sha in lost[:5]:
        yield _bad(Reason("doctor.clip_lost", clip=sha[:12]))
    if not lost:
        yield _good(Reason("doctor.clips_sound", known=known, used=len(needed)))


def _sound(patient: ExaminedStation, sha: str) -> bool:
    path = clips.path(patient.config.clips_dir, sha)
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha


def _parts(patient: ExaminedStation) -> Iterator[ExaminationFinding]:
    with patient.database.reading() as s:
        beats = heartbeats.read(s)
        failed = select(func.count()).where(RenderJob.state == JobState.FAILED)
        recent = s.scalar(failed.where(RenderJob.ended_at > patient.now_at - timedelta(days=1))) or 0
    for name in PARTS:
        beat = beats.get(name)
        if beat is None or patient.now_at - beat.at > SILENT:
            yield _look(Reason("doctor.part_missing", part=word("part", name)))
        else:
            yield _good(Reason("doctor.part_there", part=word("part", name)))
    if recent:
        yield _look(Reason("doctor.clips_failed", count=recent))


def _nodes(patient: ExaminedStation) -> Iterator[ExaminationFinding]:
    with patient.database.reading() as s:
        views = nodes.board(s, now_at=patient.now_at)
    wrong = station_apart(views)
    if wrong is not None:
        yield _bad(wrong)
    for view in views:
        if view.reasons:
            reason = Reason("doctor.node", node=view.node.name, why=view.reasons)
            yield _bad(reason) if faults(view) else _look(reason)
    yield _good(Reason("doctor.nodes", online=sum(view.presence == "online" for view in views), count=len(views)))


def _notices(patient: ExaminedStation) -> Iterator[ExaminationFinding]:
    """Whether people are called when they should be."""
    with patient.database.reading() as s:
        waits_at, resting = history.oldest_waiting_at(s), channels.resting(s, now_at=patient.now_at)
        paired = channels.paired_count(s)
    if waits_at is not None and patient.now_at - waits_at > LATE:
        yield _bad(Reason("doctor.notices_stuck", at=waits_at))
    elif resting:
        yield _look(Reason("doctor.notices_resting", resting=len(resting)))
    else:
        yield _good(Reason("doctor.notices", channels=paired))


QUESTIONS: tuple[Question, ...] = (
    _vouched,
    _copies,
    _clock,
    _disk,
    _database,
    _key,
    _clips,
    _parts,
    _nodes,
    _queue,
    _notices,
)


def _good(reason: Reason) -> ExaminationFinding:
    return ExaminationFinding(Grade.GOOD, reason)


def _look(reason: Reason) -> ExaminationFinding:
    return ExaminationFinding(Grade.LOOK, reason)


def _bad(reason: Reason) -> ExaminationFinding:
    return ExaminationFinding(Grade.BAD, reason)


def _why(error: LoaError | OSError) -> Reason:
    """A fault of the system is told in its own words."""
    return error.reason if isinstance(error, LoaError) else Reason("doctor.fault", cause=error)
