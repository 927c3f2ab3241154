"""What an officer fills in, checked once, before it becomes an announcement."""

import unicodedata
from dataclasses import replace
from datetime import datetime

from broadcaster.errors import Invalid
from broadcaster.payments import levy as levies
from broadcaster.protocol.values import BroadcastClass
from broadcaster.refusals.reasons import word
from broadcaster.station.clips import voices
from broadcaster.station.schema.announcement_fields import AnnouncementFields
from broadcaster.station.vocabulary.names import name_of, tidy

LONGEST_TEXT = 20_000
"""Characters; about 40 minutes of speech."""
MOST_REPEATS = 5
LONGEST_BOARD_TEXT = 120
"""Characters; more cannot be read from ten metres."""


def check(draft: AnnouncementFields, *, now_at: datetime) -> AnnouncementFields:
    """The draft with tidy title and storable text. Raises Invalid with the field's name."""
    _check_class(draft.broadcast_class)
    _check_number(draft.rate_percent, 50, 200, field="rate_percent")
    _check_number(draft.repeats, 1, MOST_REPEATS, field="repeats")
    voices.check(draft.voice)
    if draft.valid_until_at is not None and draft.valid_until_at <= now_at:
        raise Invalid("announcement.valid_until_past", field="valid_until_at")
    title = name_of(draft.title, field="title", longest=200)
    levy = levies.check(draft.levy) if draft.levy is not None else None
    board_text = _check_board_text(draft.board_text)
    return replace(draft, title=title, text=check_text(draft.text), levy=levy, board_text=board_text)


def check_text(text: str) -> str:
    """The text as it can be stored: what was typed, without the few characters no database takes."""
    storable = text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")
    if not storable.strip():
        raise Invalid("announcement.empty", field="text")
    if len(storable) > LONGEST_TEXT:
        raise Invalid("announcement.text_too_long", field="text", length=len(storable), longest=LONGEST_TEXT)
    return storable


def _check_board_text(typed: str) -> str:
    """One line without marks that cannot be seen, or that turn the direction of writing on a board."""
    words = tidy("".join(each for each in typed if unicodedata.category(each) not in ("Cf", "Co", "Cn")))
    if len(words) > LONGEST_BOARD_TEXT:
        raise Invalid("announcement.board_text_too_long", field="board_text", longest=LONGEST_BOARD_TEXT)
    return words


def _check_class(value: str) -> None:
    if value not in set(BroadcastClass):
        raise Invalid("announcement.class_unknown", field="class")


def _check_number(value: int, least: int, most: int, *, field: str) -> None:
    if not least <= value <= most:
        raise Invalid("value.out_of_range", field=field, what=word("field", field), least=least, most=most)
