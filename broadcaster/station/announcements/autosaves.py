"""Texts somebody has not saved yet, kept for that person alone: a closed tab or a dead battery loses nothing."""

import json
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from broadcaster.errors import Invalid
from broadcaster.station.schema import Person, UnsavedDraft

LIFETIME = timedelta(days=30)
MOST = 20
"""Of one person; the oldest make room."""
LARGEST = 200_000
"""Characters of one draft as JSON; ten times the longest text that may be saved."""
_KEY = re.compile(r"[0-9a-z-]{1,40}")


def keep(s: Session, *, key: str, content: dict[str, Any], by: Person, now_at: datetime) -> None:
    """Raises Invalid for a key or a content no page of ours sends."""
    if not _KEY.fullmatch(key):
        raise Invalid("kept_draft.malformed", field="draft")
    if len(json.dumps(content)) > LARGEST:
        raise Invalid("kept_draft.too_long", field="text")
    row = s.get(UnsavedDraft, (by.id, key))
    if row is None:
        row = UnsavedDraft(person_id=by.id, key=key)
        s.add(row)
    row.content, row.updated_at = content, now_at
    s.flush()
    _tidy(s, by, now_at)


def find(s: Session, key: str, *, by: Person) -> UnsavedDraft | None:
    """Only one's own."""
    return s.get(UnsavedDraft, (by.id, key))


def unsaved(s: Session, *, prefix: str, by: Person) -> Sequence[UnsavedDraft]:
    """One's own whose key begins so, the newest first."""
    mine = select(UnsavedDraft).where(
        UnsavedDraft.person_id == by.id, UnsavedDraft.key.startswith(prefix, autoescape=True)
    )
    return s.scalars(mine.order_by(UnsavedDraft.updated_at.desc())).all()


def drop(s: Session, key: str, *, by: Person) -> None:
    """It was saved, or is not wanted any more."""
    s.execute(delete(UnsavedDraft).where(UnsavedDraft.person_id == by.id, UnsavedDraft.key == key))


def _tidy(s: Session, by: Person, now_at: datetime) -> None:
    mine = select(UnsavedDraft.key).where(UnsavedDraft.person_id == by.id).order_by(UnsavedDraft.updated_at.desc())
    surplus = s.scalars(mine.offset(MOST)).all()
    old = UnsavedDraft.updated_at < now_at - LIFETIME
    s.execute(delete(UnsavedDraft).where(UnsavedDraft.person_id == by.id, old | UnsavedDraft.key.in_(surplus)))
