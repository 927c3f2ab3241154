"""The sound residents send: files of their own, outside everything that can be broadcast."""

import os
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.errors import Invalid, Unavailable
from broadcaster.refusals.reasons import Reason
from broadcaster.station.rows import changes
from broadcaster.station.schema import Feedback
from broadcaster.station.vocabulary.states import VoiceState

FOLDER = "feedback"
"""In the station's data, never among the clips: nothing here is ever named by an agenda."""
LARGEST_BYTES = 4_000_000
LONGEST_MS = 60_000
"""What is longer is cut."""
_BLOCK_BYTES = 1 << 16
_RAW, _OGG = ".raw", ".ogg"


@dataclass(frozen=True, slots=True)
class WaitingVoice:
    """feedback_id: whose voice it is; path: of the file as it came."""

    feedback_id: str
    path: Path


def take_in(file: IO[bytes], folder: Path) -> Path:
    """The uploaded bytes in a file without a name yet. Raises Invalid when empty or too large, Unavailable."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as part:
            try:
                _copy(file, part.file)
            except BaseException:
                Path(part.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise Unavailable("recording.not_written") from error
    return Path(part.name)


def give_name(part: Path, feedback_id: str) -> None:
    """From now on the file is the voice of this message. Raises OSError."""
    part.replace(part.with_name(feedback_id + _RAW))


def sound(folder: Path, feedback_id: str) -> Path:
    """Where the readable sound lies; its copy for phones is beside it."""
    return folder / f"{feedback_id}{_OGG}"


def waiting(s: Session, folder: Path) -> list[WaitingVoice]:
    """What came and was not read yet, oldest first."""
    rows = select(Feedback.id).where(Feedback.voice == VoiceState.WAITING)
    ids = s.scalars(rows.order_by(Feedback.received_at, Feedback.id))
    return [WaitingVoice(each, waiting_path(folder, each)) for each in ids]


def waiting_path(folder: Path, feedback_id: str) -> Path:
    """Where the file lies as it came."""
    return folder / f"{feedback_id}{_RAW}"


def ready(s: Session, feedback_id: str, *, duration_ms: int) -> None:
    """It can be heard now."""
    _settle(s, feedback_id, VoiceState.READY, duration_ms=duration_ms)


def refuse(s: Session, feedback_id: str, reason: Reason) -> None:
    """It cannot be heard, and why."""
    _settle(s, feedback_id, VoiceState.REFUSED, reason=reason)


def sweep(folder: Path, *, wanted: Collection[str], older_than_seconds: float, now_seconds: float) -> int:
    """Remove every old file whose message no longer has a voice; how many went."""
    removed = 0
    for path in folder.glob("*"):
        if path.stem in wanted or now_seconds - path.stat().st_mtime < older_than_seconds:
            continue
        path.unlink(missing_ok=True)
        removed += 1
    return removed


def _settle(
    s: Session, feedback_id: str, state: VoiceState, *, reason: Reason | None = None, duration_ms: int = 0
) -> None:
    row = s.get(Feedback, feedback_id)
    if row is not None and row.voice is VoiceState.WAITING:
        row.voice, row.voice_reason, row.voice_ms = state, reason, duration_ms
        changes.bump(s, "feedback")


def _copy(source: IO[bytes], target: IO[bytes]) -> None:
    size = 0
    while block := source.read(_BLOCK_BYTES):
        size += len(block)
        if size > LARGEST_BYTES:
            raise Invalid("feedback.voice_too_large", field="voice", most_megabytes=LARGEST_BYTES // 1_000_000)
        target.write(block)
    if not size:
        raise Invalid("recording.empty", field="voice")
    target.flush()
    os.fsync(target.fileno())
