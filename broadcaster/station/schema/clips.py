"""Rendered sound, and the work of making it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import JSON

from broadcaster.refusals.reasons import Reason
from broadcaster.station.schema.columns.base import Base, ReasonText, new_id, reason_or_none, word
from broadcaster.station.schema.people import Person
from broadcaster.station.vocabulary.states import JobState, TuneKind


class Clip(Base):
    """A file ``<sha256>.ogg`` among the clips; never changed.

    sha256: hash of all its bytes.
    plan_hash: hash of everything it was made from; the same plan is not made twice.
    engine: the voice that spoke.
    fallback_reason: why it was not the first choice; None when it was.
    loudness_lufs: integrated loudness.
    recorded: what was found in the recording it was made from (``audio.recording.found.Found``, in plain values);
        None when a voice spoke, or when it was made before this was kept.
    """

    __tablename__ = "clips"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    plan_hash: Mapped[str] = mapped_column(String(64), unique=True)
    size_bytes: Mapped[int] = mapped_column()
    duration_ms: Mapped[int] = mapped_column()
    engine: Mapped[str] = mapped_column(String(80))
    fallback_reason: Mapped[Reason | None] = mapped_column(ReasonText)
    loudness_lufs: Mapped[float] = mapped_column()
    recorded: Mapped[dict[str, Any] | None] = mapped_column()
    created_at: Mapped[datetime] = mapped_column()


class QueuedClip:
    """What a worker makes a clip of.

    clip_sha256: the finished clip.
    error: why it could not be made.
    claimed_by, claimed_at: the worker that took it last.
    """

    clip_sha256: Mapped[str | None] = mapped_column(ForeignKey("clips.sha256"))
    error: Mapped[Reason | None] = mapped_column(ReasonText)
    claimed_by: Mapped[str | None] = mapped_column(String(120))
    claimed_at: Mapped[datetime | None] = mapped_column()


class StationClip(QueuedClip, Base):
    """A clip of words the station itself says, such as the greeting of a day.

    plan_hash: of how it shall sound.
    text: the words; chime: before them; voice: who says them, as an announcement asks for one.
    music: files of music around them, as ``clip_plans.Music`` names them by their sha256; None for none.
    error: as said, and tried again after a while.
    """

    __tablename__ = "house_clips"

    plan_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    chime: Mapped[str | None] = mapped_column(String(20))
    voice: Mapped[str] = mapped_column(String(80), default="auto", server_default="auto")
    music: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column()


class Tune(QueuedClip, Base):
    """Music of the commune's own.

    name: as people call it.
    recording_sha256: the uploaded file, among the recordings.
    clip_sha256: the same, levelled, as a clip of its own: what an approver hears and what sounds alone.
    error: why the file is of no use.
    added_by_id, approved_by_id: always two people.
    """

    __tablename__ = "tunes"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    kind: Mapped[TuneKind] = mapped_column(word(TuneKind))
    name: Mapped[str] = mapped_column(String(120))
    recording_sha256: Mapped[str] = mapped_column(String(64))
    added_by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    added_at: Mapped[datetime] = mapped_column()
    approved_by_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    approved_at: Mapped[datetime | None] = mapped_column()
    removed_at: Mapped[datetime | None] = mapped_column()

    added_by: Mapped[Person] = relationship(lazy="joined", foreign_keys=[added_by_id])
    approved_by: Mapped[Person | None] = relationship(lazy="joined", foreign_keys=[approved_by_id])


class RenderJob(Base):
    """The making of the clip of one revision of an announcement.

    language: of the version it is for; None for the announcement itself.
    number: place among the announcement's jobs, from 1; the highest is the one that counts.
    progress: 0 to 1.
    stage: what is being done.
    error: why it failed.
    claimed_by: the worker that has it.
    heartbeat_at: that worker's last sign of life.
    unhurried: nobody waits for it; it gives way to everything somebody waits for.
    """

    __tablename__ = "render_jobs"
    __table_args__ = (
        Index("ix_render_jobs_state_created_at", "state", "created_at"),
        UniqueConstraint("announcement_id", "number"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    announcement_id: Mapped[str] = mapped_column(ForeignKey("announcements.id"))
    language: Mapped[str | None] = mapped_column(String(8))
    number: Mapped[int] = mapped_column()
    revision: Mapped[int] = mapped_column()
    plan_hash: Mapped[str] = mapped_column(String(64))
    state: Mapped[JobState] = mapped_column(word(JobState), default=JobState.QUEUED)
    progress: Mapped[float] = mapped_column(default=0.0)
    stage: Mapped[Reason | None] = reason_or_none(200)
    error: Mapped[Reason | None] = mapped_column(ReasonText)
    claimed_by: Mapped[str | None] = mapped_column(String(120))
    claimed_at: Mapped[datetime | None] = mapped_column()
    heartbeat_at: Mapped[datetime | None] = mapped_column()
    unhurried: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column()
    ended_at: Mapped[datetime | None] = mapped_column()


class MachineHearing(Base):
    """What the machine listener made out of one clip; never approved, never said.

    listener: which one. claimed_at: when it began; made_at: when it ended, None before.
    words: of how many words it was asked; mean_nats: how much they surprised it on average.
    marks: the words it did not make out (``listener.marks.WordMark``, in plain values); None for a recording.
    text: what it would write of a recording; None for what a voice spoke.
    error: why it heard nothing.
    """

    __tablename__ = "machine_hearings"

    clip_sha256: Mapped[str] = mapped_column(ForeignKey("clips.sha256"), primary_key=True)
    listener: Mapped[str] = mapped_column(String(60))
    claimed_at: Mapped[datetime] = mapped_column()
    made_at: Mapped[datetime | None] = mapped_column()
    words: Mapped[int | None] = mapped_column()
    mean_nats: Mapped[float | None] = mapped_column()
    marks: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    text: Mapped[str | None] = mapped_column(Text)
    error: Mapped[Reason | None] = mapped_column(ReasonText)
