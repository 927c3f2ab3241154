"""Sound somebody recorded: it takes the place of the voice, and the rules of approval stay the same."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import IO

from sqlalchemy.orm import Session

from broadcaster.clip_plans import RECORDINGS
from broadcaster.errors import Invalid, Unavailable
from broadcaster.station.announcements import announcements
from broadcaster.station.schema import Announcement, Person
from broadcaster.station.schema.announcement_fields import fields_of
from broadcaster.station.vocabulary.names import tidy

FOLDER = RECORDINGS
"""Among the clips; a recording is a file there named by its sha256, as it was uploaded."""
_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class UploadedRecording:
    """sha256: of the uploaded file, also its name on disk; name: what the person's own file was called."""

    sha256: str
    name: str


def keep(file: IO[bytes], *, name: str, clips_dir: Path, most_megabytes: int) -> UploadedRecording:
    """Put the file among the recordings; whether it is sound is found out when the clip is made.

    Raises Invalid when it is empty or too large, Unavailable when the disk refuses.
    """
    folder = clips_dir / FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as part:
            try:
                sha256 = _copy(file, part.file, most_bytes=most_megabytes * 1_000_000)
                Path(part.name).replace(folder / sha256)
            except BaseException:
                Path(part.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise Unavailable("recording.not_written") from error
    return UploadedRecording(sha256, tidy(name)[:120] or "ghi âm")


def attach(
    s: Session, *, announcement: Announcement, revision: int, recording: UploadedRecording, by: Person, now_at: datetime
) -> Announcement:
    """Let the recording sound instead of the voice. An edit like any other, raising as ``announcements.edit``."""
    written = replace(fields_of(announcement), recording_sha256=recording.sha256, recording_name=recording.name)
    return announcements.edit(s, announcement, written, revision=revision, by=by, now_at=now_at)


def detach(s: Session, *, announcement: Announcement, revision: int, by: Person, now_at: datetime) -> Announcement:
    """Back to the voice."""
    written = replace(fields_of(announcement), recording_sha256=None, recording_name=None)
    return announcements.edit(s, announcement, written, revision=revision, by=by, now_at=now_at)


def path(clips_dir: Path, sha256: str) -> Path:
    """Where the recording lies. Raises Invalid when it is there no more."""
    found = clips_dir / FOLDER / sha256
    if not found.is_file():
        raise Invalid("recording.original_gone", field="recording")
    return found


def _copy(source: IO[bytes], target: IO[bytes], *, most_bytes: int) -> str:
    digest, size = hashlib.sha256(), 0
    for block in _blocks(source):
        size += len(block)
        if size > most_bytes:
            most = most_bytes // 1_000_000
            raise Invalid("recording.upload_too_large", field="recording", most_megabytes=most)
        digest.update(block)
        target.write(block)
    if not size:
        raise Invalid("recording.not_chosen", field="recording")
    target.flush()
    os.fsync(target.fileno())
    return digest.hexdigest()


def _blocks(source: IO[bytes]) -> Iterator[bytes]:
    while block := source.read(_BLOCK_BYTES):
        yield block
