"""What programs send and are answered about slots, their dates and their conflicts."""

from datetime import date, datetime
from typing import Any, Literal

import msgspec

from web.api.bodies import Answer, Instant, Request, TimeOfDay, Weekday, Zone


class SlotItem(Answer, frozen=True, kw_only=True):
    """An announcement in a slot."""

    id: str
    announcement: str
    title: str
    first_on: date
    last_on: date | None
    weekdays: list[int]


class Slot(Answer, frozen=True, kw_only=True):
    """A recurring place and what is in it.

    rule: as it was given; days: the same in words.
    steps: what the caller may do with it now: edit, fill, remove, copy.
    """

    id: str
    name: str
    days: str
    rule: dict[str, Any]
    weekdays: list[int]
    times: list[str]
    first_on: str | None
    last_on: str | None
    except_on: list[str]
    timezone: str
    cap_minutes: int
    assemble_minutes: int | None
    greeting: bool
    closing: bool
    greet_when_empty: bool
    opening_tune: str | None
    ending_tune: str | None
    bed: str | None
    filler: str | None
    zones: list[Zone]
    items: list[SlotItem]
    steps: list[str]


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
    opening_tune, ending_tune, bed, filler: ids of music (/tunes) before the greeting, after the closing, under both,
    between announcements; null is none. What is not approved is not played.
    cap_minutes: longest programme; what does not fit is told beforehand, never cut.
    assemble_minutes: how long before its time the programme is put together and sent, 10 to 2880; null: as the station.
    timezone: IANA name in which dates and times are meant; null for the station's own, or what the slot has.
    """

    name: str
    times: list[TimeOfDay]
    zones: list[str]
    kind: RuleKind = "weekly"
    weekdays: list[Weekday] = msgspec.field(default_factory=list)
    days: list[int] = msgspec.field(default_factory=list)
    nth: int | None = None
    weekday: Weekday | None = None
    month: int | None = None
    day: int | None = None
    first_on: date | None = None
    last_on: date | None = None
    except_on: list[date] = msgspec.field(default_factory=list)
    times_on: dict[str, list[TimeOfDay]] = msgspec.field(default_factory=dict)
    holidays: Literal["play", "skip", "only"] = "play"
    paused_until_on: date | None = None
    greeting: bool = False
    closing: bool = False
    greet_when_empty: bool = False
    opening_tune: str | None = None
    ending_tune: str | None = None
    bed: str | None = None
    filler: str | None = None
    cap_minutes: int = 45
    assemble_minutes: int | None = None
    timezone: str | None = None


class NewSlotItem(Request, frozen=True, kw_only=True):
    """An announcement for a slot, from first_on (null: today) to last_on (null: until taken out).

    last_on left out is the last day the text names, or until taken out when it names none.
    weekdays: only on these; empty is every day the slot has.
    """

    announcement: str
    first_on: date | None = None
    last_on: date | msgspec.UnsetType | None = msgspec.UNSET
    weekdays: list[Weekday] = msgspec.field(default_factory=list)


class SlotDraft(SlotRule, frozen=True, kw_only=True):
    """A slot as it stands in a form; slot: id of the one being edited, null for a new one."""

    slot: str | None = None


class Resolution(Request, frozen=True, kw_only=True):
    """remedy: override (Ghi đè) leaves the other slot out where they meet; after (Xếp sau) moves this one behind it."""

    remedy: Literal["override", "after"]


class Order(Request, frozen=True, kw_only=True):
    """items: ids of everything in the slot, in the wanted order; a higher class goes first all the same."""

    items: list[str]


class SlotConflict(Answer, frozen=True, kw_only=True):
    """Another slot in the way.

    first_at: the first date they meet; times: how often within a year.
    nodes: ids of the nodes both want.
    """

    slot: str
    name: str
    first_at: datetime
    times: int
    nodes: list[str]


class LeaveOut(Request, frozen=True, kw_only=True):
    """start_at: the date, as GET told it."""

    start_at: Instant


class Move(Request, frozen=True, kw_only=True):
    """start_at: the date, as GET told it; to_at: when it begins instead; every: all dates move as this one does."""

    start_at: Instant
    to_at: Instant
    every: bool = False


class Restore(Request, frozen=True, kw_only=True):
    """day: the local date that shall be like every other again."""

    day: date


class SlotDate(Answer, frozen=True, kw_only=True):
    """start_at: when the slot begins."""

    start_at: datetime
