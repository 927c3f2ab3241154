"""What an officer fills in, checked once, before it becomes an announcement."""

from dataclasses import dataclass
from datetime import datetime

from broadcaster.errors import Invalid
from broadcaster.payments import levy as levies
from broadcaster.payments.levy import Levy
from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.clips import voices
from broadcaster.station.schema import Announcement, Zone
from broadcaster.station.vocabulary.names import name_of
from broadcaster.station.vocabulary.states import Origin

LONGEST_TEXT = 20_000
"""Characters; about 40 minutes of speech."""
MOST_REPEATS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The officer's part of an announcement; each field as in ``schema.Announcement``."""

    title: str
    text: str
    zones: tuple[Zone, ...]
    broadcast_class: str
    voice: str = "auto"
    rate_percent: int = 100
    repeats: int = 1
    repeat_key_facts: bool = False
    valid_until_at: datetime | None = None
    recording_sha256: str | None = None
    recording_name: str | None = None
    levy: Levy | None = None
    origin: str = Origin.COMMUNE
    document_number: str | None = None
    class_reason: str | None = None


FIELDS = tuple(Draft.__dataclass_fields__)


def draft_of(announcement: Announcement) -> Draft:
    """What the officer filled in."""
    return Draft(**{name: getattr(announcement, name) for name in FIELDS} | {"zones": tuple(announcement.zones)})


def check(draft: Draft, *, now_at: datetime) -> Draft:
    """The draft with tidy title and storable text. Raises Invalid with the field's name."""
    _check_class(draft.broadcast_class)
    _check_number(draft.rate_percent, 50, 200, field="rate_percent", name="Tốc độ đọc")
    _check_number(draft.repeats, 1, MOST_REPEATS, field="repeats", name="Số lần đọc")
    voices.check(draft.voice)
    if draft.valid_until_at is not None and draft.valid_until_at <= now_at:
        raise Invalid("Hạn phát đã qua. Hãy chọn thời điểm trong tương lai hoặc bỏ trống.", field="valid_until_at")
    title = name_of(draft.title, field="title", longest=200)
    levy = levies.check(draft.levy) if draft.levy is not None else None
    return replaced(draft, title=title, text=check_text(draft.text), levy=levy)


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


def replaced(draft: Draft, **changes: object) -> Draft:
    """A copy with these fields changed. Raises TypeError for a field there is not."""
    return Draft(**{name: getattr(draft, name) for name in FIELDS} | changes)


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
