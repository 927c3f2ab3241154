"""Sound nobody needs any more leaves the disk; what was said, when and by whom stays in the tables for good."""

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Select, delete, or_, select, update
from sqlalchemy.orm import Session

from broadcaster.station.announcements import recordings
from broadcaster.station.clips import clips
from broadcaster.station.feedback import forgetting
from broadcaster.station.gauges import readings
from broadcaster.station.notices import history
from broadcaster.station.releases import releases, wheels
from broadcaster.station.schema import Announcement, Base, Broadcast, BroadcastPart, Clip, RelayTake, StationClip
from broadcaster.station.vocabulary.states import AnnouncementState, BroadcastState

YOUNG = timedelta(days=1)
"""A file this young may belong to something that is not in the tables yet."""
_LASTING = (AnnouncementState.APPROVED, AnnouncementState.PENDING_APPROVAL)
_OPEN = (BroadcastState.SCHEDULED, BroadcastState.ON_AIR)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Tidied:
    """files: how many went; size_bytes: how much room that made."""

    files: int
    size_bytes: int


def tidy(s: Session, *, clips_dir: Path, now_at: datetime, keep_days: int) -> Tidied:
    """Forget the sound of what is over for longer than ``keep_days``, and files that belong to nothing.

    The tables are told first: a file that cannot be removed stays for the next time.
    """
    history.forget(s, now_at=now_at)
    readings.forget(s, now_at=now_at)
    since_at = now_at - timedelta(days=keep_days)
    needed = _needed_clips(s, since_at=since_at, now_at=now_at)
    for sha256 in s.scalars(
        select(Clip.sha256).where(Clip.created_at < since_at, Clip.plan_hash.not_like(f"{clips.GONE}%"))
    ):
        if sha256 not in needed:
            s.execute(delete(StationClip).where(StationClip.clip_sha256 == sha256))
            s.execute(update(Clip).where(Clip.sha256 == sha256).values(plan_hash=(clips.GONE + sha256)[:64]))
    s.flush()
    present = set(s.scalars(select(Clip.sha256).where(Clip.plan_hash.not_like(f"{clips.GONE}%"))))
    originals = _needed_recordings(s)
    removed = [
        *_remove(path for path in clips_dir.glob("*.ogg") if path.stem not in present),
        *_remove(path for path in clips_dir.glob("*.m4a") if path.stem not in present),
        *_remove(clips_dir.glob("*.part")),
        *_remove(path for path in (clips_dir / recordings.FOLDER).glob("*") if path.name not in originals),
    ]
    if removed:
        log.info("%d files of sound nobody needs were removed, %d bytes", len(removed), sum(removed))
    return Tidied(len(removed), sum(removed))


def tidy_feedback(s: Session, *, folder: Path, now_at: datetime, now_seconds: float) -> int:
    """Forget telephones and voices of residents whose time is over; how many messages were touched.

    ``now_seconds``: by the clock that dates files.
    """
    forgotten = forgetting.forget(s, now_at=now_at)
    removed = forgetting.sweep(folder, wanted=forgetting.with_voices(s), now_seconds=now_seconds)
    if forgotten or removed:
        log.info("%d messages of residents lost telephone and voice, %d files went", forgotten, removed)
    return forgotten


def tidy_releases(s: Session, *, data_dir: Path, now_seconds: float) -> int:
    """Remove the files of programs that were withdrawn or replaced; how many went. ``now_seconds``: as above."""
    before_seconds = now_seconds - YOUNG.total_seconds()
    removed = wheels.tidy(data_dir, needed=releases.in_use(s), before_seconds=before_seconds)
    if removed:
        log.info("%d files of programs for nodes were removed", removed)
    return removed


def tidy_relays(s: Session, *, now_at: datetime, keep_days: int) -> None:
    """Forget the sound taken of other stations sooner: the files go with the next ``tidy``."""
    since_at = now_at - timedelta(days=keep_days)
    needed = clips.in_use(s, now_at)
    taken = select(RelayTake.clip_sha256).join(Clip, Clip.sha256 == RelayTake.clip_sha256)
    old = taken.where(Clip.created_at < since_at, Clip.plan_hash.not_like(f"{clips.GONE}%"))
    for sha256 in {each for each in s.scalars(old) if each is not None} - needed:
        s.execute(update(Clip).where(Clip.sha256 == sha256).values(plan_hash=(clips.GONE + sha256)[:64]))


def _needed_clips(s: Session, *, since_at: datetime, now_at: datetime) -> set[str]:
    """Of broadcasts that are ahead or not long past, of announcements in work, and of whatever else names a clip."""
    aired = (
        select(BroadcastPart.sha256)
        .join(Broadcast, Broadcast.id == BroadcastPart.broadcast_id)
        .where(or_(Broadcast.start_at >= since_at, Broadcast.state.in_(_OPEN)))
    )
    valid = or_(Announcement.valid_until_at.is_(None), Announcement.valid_until_at > now_at)
    written = select(Announcement.clip_sha256).where(
        or_(Announcement.updated_at >= since_at, Announcement.state.in_(_LASTING) & valid)
    )
    asked: list[Select[Any]] = [aired, written, *_other_mentions()]
    named: set[str | None] = {sha256 for query in asked for sha256 in s.scalars(query)}
    return clips.in_use(s, now_at) | {sha256 for sha256 in named if sha256}


def _other_mentions() -> Iterator[Select[Any]]:
    rows = (Announcement, BroadcastPart, RelayTake, StationClip)
    judged = {row.__tablename__ for row in rows}
    for name, table in Base.metadata.tables.items():
        for key in table.foreign_keys:
            if name not in judged and key.column is Clip.__table__.c.sha256:
                yield select(key.parent)


def _needed_recordings(s: Session) -> set[str]:
    """The originals of every table that has some: they cannot be made again."""
    columns = [table.c.recording_sha256 for table in Base.metadata.tables.values() if "recording_sha256" in table.c]
    return {sha256 for column in columns for sha256 in s.scalars(select(column)) if sha256}


def _remove(paths: Iterator[Path]) -> Iterator[int]:
    """Sizes of the files that went."""
    for path in paths:
        try:
            about = path.stat()
            if path.is_file() and time.time() - about.st_mtime > YOUNG.total_seconds():
                path.unlink()
                yield about.st_size
        except OSError as error:
            log.warning("%s stays: %s", path.name, error)
