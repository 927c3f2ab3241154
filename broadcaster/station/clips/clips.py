"""Finished clips: what is known of each, and which are needed."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from broadcaster.clip_plans import RenderedClip
from broadcaster.station.rows import settings
from broadcaster.station.rows.inserting import insert_once
from broadcaster.station.schema import Announcement, Broadcast, BroadcastPart, Clip, GaugeAllowance, Version
from broadcaster.station.vocabulary.states import AnnouncementState, BroadcastState

GONE = "gone:"
"""Before a clip's own hash in the place of its plan's: the file is gone, and made again when it is wanted again."""


def find(s: Session, plan_hash: str) -> Clip | None:
    """The clip made from this plan, if it was made."""
    return s.scalar(select(Clip).where(Clip.plan_hash == plan_hash))


def record(s: Session, rendered: RenderedClip, plan_hash: str, now_at: datetime) -> Clip:
    """Remember a finished clip; the one already known when the same plan or the same sound was made twice."""
    known = find(s, plan_hash) or s.get(Clip, rendered.sha256)
    if known is not None:
        if not is_there(known):
            known.plan_hash = plan_hash
        return known
    row = insert_once(
        s,
        Clip,
        sha256=rendered.sha256,
        plan_hash=plan_hash,
        size_bytes=rendered.size_bytes,
        duration_ms=rendered.duration_ms,
        engine=rendered.engine,
        fallback_reason=rendered.fallback_reason,
        loudness_lufs=rendered.loudness_lufs,
        recorded=asdict(rendered.recorded) if rendered.recorded else None,
        created_at=now_at,
    )
    s.execute(row)
    return find(s, plan_hash) or s.get_one(Clip, rendered.sha256)


def is_there(clip: Clip) -> bool:
    """False once its file was tidied away; the sound can be made anew."""
    return not clip.plan_hash.startswith(GONE)


def gone(s: Session, shas: Iterable[str]) -> list[str]:
    """Those of these clips whose sound is no longer there: tidied away, or the file is missing or empty."""
    folder = s.info.get("clips_dir")
    found = []
    for sha256 in shas:
        clip = s.get(Clip, sha256)
        lost = folder is not None and not _has_bytes(path(folder, sha256))
        if clip is None or not is_there(clip) or lost:
            found.append(sha256)
    return found


def _has_bytes(file: Path) -> bool:
    try:
        return file.stat().st_size > 0
    except OSError:
        return False


def path(clips_dir: Path, sha256: str) -> Path:
    """Where the file of a clip is."""
    return clips_dir / f"{sha256}.ogg"


def in_use(s: Session, now_at: datetime) -> set[str]:
    """Clips a node may still need: of broadcasts not yet over, of approved announcements still valid, those with which
    live sound begins, and those that gauges may let sound."""
    due = (
        select(BroadcastPart.sha256)
        .join(Broadcast, Broadcast.id == BroadcastPart.broadcast_id)
        .where(Broadcast.state.in_([BroadcastState.SCHEDULED, BroadcastState.ON_AIR]), Broadcast.expires_at > now_at)
    )
    valid = and_(
        Announcement.state == AnnouncementState.APPROVED,
        or_(Announcement.valid_until_at.is_(None), Announcement.valid_until_at > now_at),
    )
    approved = select(Announcement.clip_sha256).where(valid)
    versions = select(Version.clip_sha256).join(Announcement, Announcement.id == Version.announcement_id).where(valid)
    allowed = select(GaugeAllowance.spoken).where(
        GaugeAllowance.confirmed_at.is_not(None), GaugeAllowance.ended_at.is_(None), GaugeAllowance.expires_at > now_at
    )
    spoken = [sha for each in s.scalars(allowed) for sha in each["clips"].values()]
    live = [*settings.read(s, "live_chimes", {}).values()]
    live += [settings.read(s, name, None) for name in ("live_fallback", "relay_fallback")]
    return {sha for sha in (*s.scalars(due), *s.scalars(approved), *s.scalars(versions), *live, *spoken) if sha}
