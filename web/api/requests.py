"""What programs send: every body, with the meaning and unit of each field."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.vocabulary.states import Origin

Instant = Annotated[datetime, Meta(tz=True, description="Thời điểm kèm múi giờ, ví dụ 2026-11-21T17:00:00+07:00.")]
TimeOfDay = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="Giờ địa phương, HH:MM.")]
Weekday = Annotated[int, Meta(ge=0, le=6, description="0 là Thứ Hai, 6 là Chủ nhật.")]


class Request(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A body somebody sends. A misspelt field is refused, not ignored."""


class Levy(Request, frozen=True, kw_only=True):
    """Money asked for, shown to residents as a VietQR code once the announcement was approved and broadcast.

    bank_bin: number of the bank, six digits, such as 970405 for Agribank.
    account: digits and Latin letters.
    holder: whose account it is.
    amount_vnd: in đồng; null when every household owes another.
    purpose: text of the transfer, at most 25 characters; marks are taken off.
    """

    bank_bin: str
    account: str
    holder: str
    amount_vnd: int | None = None
    purpose: str = ""


class NewAnnouncement(Request, frozen=True, kw_only=True):
    """An announcement to write.

    title, text: as written; the station reads numbers, dates and acronyms out by itself.
    zones: ids or names.
    class: routine, priority or emergency.
    voice: auto, gtts, piper or espeak; "@south", "@centre" or "@north" behind it asks for an accent.
    rate_percent: speed of speech; 100 is the voice's own.
    repeats: how many times the whole is said.
    repeat_key_facts: numbers and dates are said a second time.
    valid_until_at: after this it is no longer broadcast.
    levy: money it asks for, or null.
    origin: commune, province or central; document_number: of the paper it came with.
    drill: an exercise, with the drill's chime and words; cannot be changed later.
    """

    title: str
    text: str
    zones: list[str]
    broadcast_class: BroadcastClass = msgspec.field(name="class", default=BroadcastClass.ROUTINE)
    voice: str = "auto"
    rate_percent: int = 100
    repeats: int = 1
    repeat_key_facts: bool = False
    valid_until_at: Instant | None = None
    levy: Levy | None = None
    origin: Origin = Origin.COMMUNE
    document_number: str | None = None
    drill: bool = False


class EditedAnnouncement(Request, frozen=True, kw_only=True):
    """Changes to an announcement; what is left out stays.

    revision: the revision the changes were made to; refused (409) when somebody saved another meanwhile.
    class_reason: why what came from above is read in a lower class than it was sent in.
    """

    revision: int
    title: str | msgspec.UnsetType = msgspec.UNSET
    text: str | msgspec.UnsetType = msgspec.UNSET
    zones: list[str] | msgspec.UnsetType = msgspec.UNSET
    broadcast_class: BroadcastClass | msgspec.UnsetType = msgspec.field(name="class", default=msgspec.UNSET)
    voice: str | msgspec.UnsetType = msgspec.UNSET
    rate_percent: int | msgspec.UnsetType = msgspec.UNSET
    repeats: int | msgspec.UnsetType = msgspec.UNSET
    repeat_key_facts: bool | msgspec.UnsetType = msgspec.UNSET
    valid_until_at: Instant | msgspec.UnsetType | None = msgspec.UNSET
    levy: Levy | msgspec.UnsetType | None = msgspec.UNSET
    origin: Origin | msgspec.UnsetType = msgspec.UNSET
    document_number: str | msgspec.UnsetType | None = msgspec.UNSET
    class_reason: str | msgspec.UnsetType | None = msgspec.UNSET


class Approval(Request, frozen=True, kw_only=True):
    """content_hash: of what was heard; refused (422) without it, and (409) when the announcement changed meanwhile."""

    content_hash: str = ""


class Comment(Request, frozen=True, kw_only=True):
    """comment: what the author should know."""

    comment: str = ""


class NewBroadcast(Request, frozen=True, kw_only=True):
    """An order to broadcast an approved announcement. An emergency needs two people: /emergency-orders.

    start_at: null for now.
    key: the caller's own id of this order; the same key never makes a second broadcast.
    """

    announcement: str
    start_at: Instant | None = None
    key: Annotated[str, Meta(min_length=1, max_length=120)] | None = None


RuleKind = Literal["weekly", "monthly", "monthly_weekday", "yearly", "lunar_monthly", "lunar_yearly"]


class SlotRule(Request, frozen=True, kw_only=True):
    """A recurring place in the calendar.

    kind: weekly needs weekdays; monthly and lunar_monthly need days; monthly_weekday needs nth and weekday; yearly
    and lunar_yearly need month and day.
    days: of the month, from 1; -1 is its last. Mùng một and rằm are [1, 15] of lunar_monthly.
    nth: 1 to 5, or -1 for the last.
    first_on, last_on: local dates, both included; null is without end.
    except_on: days without it.
    times_on: single dates with times of their own; with except_on this moves a date.
    holidays: play as on every day, skip public holidays, or only then.
    paused_until_on: last day of a pause; null ends it.
    greeting, closing: the station says the date in both calendars before the announcements, and thanks after them.
    greet_when_empty: a date without announcements has the greeting alone; else it is skipped.
    cap_minutes: longest programme; what does not fit is told beforehand, never cut.
    assemble_minutes: how long before its time the programme is put together and sent, 10 to 2880; null: as the station.
    timezone: IANA name in which dates and times are meant; null for the station's own, or what the slot has.
    """

    name: str
    times: list[TimeOfDay]
    zones: list[str]
    kind: RuleKind = "weekly"
    weekdays: list[Weekday] = []
    days: list[int] = []
    nth: int | None = None
    weekday: Weekday | None = None
    month: int | None = None
    day: int | None = None
    first_on: date | None = None
    last_on: date | None = None
    except_on: list[date] = []
    times_on: dict[str, list[TimeOfDay]] = {}
    holidays: Literal["play", "skip", "only"] = "play"
    paused_until_on: date | None = None
    greeting: bool = False
    closing: bool = False
    greet_when_empty: bool = False
    cap_minutes: int = 45
    assemble_minutes: int | None = None
    timezone: str | None = None


class NewSlotItem(Request, frozen=True, kw_only=True):
    """An approved announcement for a slot, from first_on (null: today) to last_on (null: until taken out)."""

    announcement: str
    first_on: date | None = None
    last_on: date | None = None
