"""Telephones, voices and marks of senders are forgotten when their time is over; what was said and answered stays."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from broadcaster.station.feedback import voices
from broadcaster.station.schema import Feedback
from broadcaster.station.vocabulary.states import VoiceState

REMEMBERED = timedelta(days=90)
"""Residents are promised this on the form."""
_YOUNG_SECONDS = 3600.0
"""A file this young may belong to a message that is being saved."""


def forget(s: Session, *, now_at: datetime) -> int:
    """Empty what is older than ``REMEMBERED``; how many messages were touched."""
    old = (Feedback.received_at < now_at - REMEMBERED, Feedback.forgotten_at.is_(None))
    had_voice = Feedback.voice != VoiceState.NONE
    s.execute(update(Feedback).where(*old, had_voice).values(voice=VoiceState.FORGOTTEN))
    ids = list(s.scalars(select(Feedback.id).where(*old)))
    s.execute(update(Feedback).where(*old).values(phone="", sender="", forgotten_at=now_at))
    return len(ids)


def with_voices(s: Session) -> Iterable[str]:
    """Ids of the messages whose files are still needed."""
    return s.scalars(select(Feedback.id).where(Feedback.voice.in_([VoiceState.WAITING, VoiceState.READY]))).all()


def sweep(folder: Path, *, wanted: Iterable[str], now_seconds: float) -> int:
    """Remove the files of what is forgotten; how many went."""
    return voices.sweep(folder, wanted=set(wanted), older_than_seconds=_YOUNG_SECONDS, now_seconds=now_seconds)
