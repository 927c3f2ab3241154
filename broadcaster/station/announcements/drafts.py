"""What an officer fills in, checked once, before it becomes an announcement."""

from dataclasses import replace
from datetime import datetime

from broadcaster.errors import Invalid
from broadcaster.payments import levy as levies
from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.clips import voices
from broadcaster.station.schema.announcement_fields import AnnouncementFields
from broadcaster.station.vocabulary.names import name_of

LONGEST_TEXT = 20_000
"""Characters; about 40 minutes of speech."""
MOST_REPEATS = 5


def check(draft: AnnouncementFields, *, now_at: datetime) -> AnnouncementFields:
    """The draft with tidy title and storable text. Raises Invalid with the field's name."""
    _check_class(draft.broadcast_class)
    _check_number(draft.rate_percent, 50, 200, field="rate_percent", name="Tốc độ đọc")
    _check_number(draft.repeats, 1, MOST_REPEATS, field="repeats", name="Số lần đọc")
    voices.check(draft.voice)
    if draft.valid_until_at is not None and draft.valid_until_at <= now_at:
        raise Invalid("Hạn phát đã qua. Hãy chọn thời điểm trong tương lai hoặc bỏ trống.", field="valid_until_at")
    title = name_of(draft.title, field="title", longest=200)
    levy = levies.check(draft.levy) if draft.levy is not None else None
    return replace(draft, title=title, text=check_text(draft.text), levy=levy)


def check_text(text: str) -> str:
    """The text as it can be stored: what was typed, without the few characters no database takes."""
    storable = text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")
    if not storable.strip():
        raise Invalid("Nội dung bản tin đang trống. Hãy nhập nội dung cần đọc.", field="text")
    if len(storable) > LONGEST_TEXT:
        raise Invalid(
            f"Nội dung dài {_dotted(len(storable))} ký tự, nhiều nhất là {_dotted(LONGEST_TEXT)}. "
            "Hãy rút gọn hoặc chia thành nhiều bản tin.",
            field="text",
        )
    return storable


def _check_class(value: str) -> None:
    if value not in set(BroadcastClass):
        raise Invalid(
            "Loại bản tin phải là thông thường (routine), ưu tiên (priority) hoặc khẩn cấp (emergency).", field="class"
        )


def _check_number(value: int, least: int, most: int, *, field: str, name: str) -> None:
    if not least <= value <= most:
        raise Invalid(f"{name} phải từ {least} đến {most}.", field=field)


def _dotted(number: int) -> str:
    return f"{number:,}".replace(",", ".")
