"""One announcement in several languages: recorded, confirmed, taken back; and what still keeps it from approval."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from broadcaster.errors import NotFound
from broadcaster.refusals.reasons import Reason
from broadcaster.station.announcements import revisions
from broadcaster.station.announcements.decisions import note
from broadcaster.station.announcements.drafts import LONGEST_TEXT
from broadcaster.station.clips import jobs
from broadcaster.station.clips.content import text_hash
from broadcaster.station.nodes import languages
from broadcaster.station.nodes.languages import VIETNAMESE, heard_by, name_of
from broadcaster.station.schema import Announcement, Person, Version
from broadcaster.station.units.units import nodes_of
from broadcaster.station.vocabulary.states import JobState

if TYPE_CHECKING:  # ``recordings`` leads back here through what an announcement allows
    from broadcaster.station.announcements.recordings import UploadedRecording


def put(
    s: Session,
    *,
    announcement: Announcement,
    language: str,
    revision: int,
    recording: "UploadedRecording",
    by: Person,
    now_at: datetime,
    text: str = "",
) -> Version:
    """The recording is what is heard in this language from now on. An edit like any other, raising as one."""
    languages.check(language)
    current = revisions.begin(s, announcement=announcement, revision=revision, by=by, now_at=now_at)
    version = _find(current, language)
    if version is None:
        version = Version(language=language)
        current.versions.append(version)
    version.recording_sha256, version.recording_name = recording.sha256, recording.name
    version.text = text.replace("\x00", "").strip()[:LONGEST_TEXT]
    _say_now(version, current, by=by, now_at=now_at)
    s.flush()
    jobs.queue_version(s, announcement=current, version=version, now_at=now_at)
    note(s, current, "announcement.version_recorded", by=by, now_at=now_at)
    return version


def confirm(
    s: Session, *, announcement: Announcement, language: str, revision: int, by: Person, now_at: datetime
) -> None:
    """Somebody listened: it still says what the text says now."""
    current = revisions.begin(s, announcement=announcement, revision=revision, by=by, now_at=now_at)
    _say_now(get(current, language), current, by=by, now_at=now_at)
    s.flush()
    jobs.renew_hash(current)
    note(s, current, "announcement.version_confirmed", by=by, now_at=now_at)


def remove(
    s: Session, *, announcement: Announcement, language: str, revision: int, by: Person, now_at: datetime
) -> None:
    """Where this language is heard the others remain, or Vietnamese."""
    current = revisions.begin(s, announcement=announcement, revision=revision, by=by, now_at=now_at)
    current.versions.remove(get(current, language))
    s.flush()
    jobs.drop_version(s, announcement=current, language=language, now_at=now_at)
    note(s, current, "announcement.version_removed", by=by, now_at=now_at)


def get(announcement: Announcement, language: str) -> Version:
    """Raises NotFound."""
    version = _find(announcement, language)
    if version is None:
        raise NotFound("version.not_found", field="language", language=name_of(language))
    return version


def is_stale(announcement: Announcement, version: Version) -> bool:
    """Whether the text changed since it was recorded or confirmed."""
    return version.said_of != text_hash(announcement)


def obstacle(s: Session, announcement: Announcement) -> Reason | None:
    """Why the versions keep the announcement from approval; None when they do not."""
    for version in announcement.versions:
        if is_stale(announcement, version):
            return Reason("version.stale", language=name_of(version.language))
        if version.clip_sha256 is None:
            return _unmade(s, announcement, version)
    return None


def missing(s: Session, announcement: Announcement) -> dict[str, list[str]]:
    """Nodes, by name, that would listen to a language this announcement has no version in, by the language."""
    there = {VIETNAMESE, *(each.language for each in announcement.versions)}
    nodes = nodes_of(s, announcement.zones)
    heard = heard_by(s, nodes)
    lacking: dict[str, list[str]] = {}
    for node in nodes:
        for language in heard[node.id]:
            if language not in there:
                lacking.setdefault(language, []).append(node.name)
    return lacking


def _find(announcement: Announcement, language: str) -> Version | None:
    return next((each for each in announcement.versions if each.language == language), None)


def _say_now(version: Version, announcement: Announcement, *, by: Person, now_at: datetime) -> None:
    version.said_of = text_hash(announcement)
    version.made_by_id, version.made_at = by.id, now_at


def _unmade(s: Session, announcement: Announcement, version: Version) -> Reason:
    job = jobs.latest(s, announcement, language=version.language)
    if job is not None and job.state is JobState.FAILED:
        why = job.error or jobs.UNKNOWN_FAULT
        return Reason("version.failed", language=name_of(version.language), why=why)
    return Reason("version.being_made", language=name_of(version.language))
