"""What travels through the API: every body and every answer, with the meaning and unit of each field."""

from datetime import date, datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from broadcaster.protocol.values import BroadcastClass

Instant = Annotated[datetime, Meta(tz=True, description="Thời điểm kèm múi giờ, ví dụ 2026-11-21T17:00:00+07:00.")]
TimeOfDay = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="Giờ địa phương, HH:MM.")]
Weekday = Annotated[int, Meta(ge=0, le=6, description="0 là Thứ Hai, 6 là Chủ nhật.")]


class Request(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A body somebody sends. A misspelt field is refused, not ignored."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A body the station gives."""


class Failure(Answer, frozen=True, kw_only=True):
    """Why it was not done.

    field: the field of the request it is about, or null.
    message: one sentence in Vietnamese that says what to do.
    """

    field: str | None
    message: str


class Zone(Answer, frozen=True, kw_only=True):
    """id, name; nodes: ids of the poles in it."""

    id: str
    name: str
    nodes: list[str] = []


class NewAnnouncement(Request, frozen=True, kw_only=True):
    """A bulletin to write.

    title, text: as written; the station reads numbers, dates and acronyms out by itself.
    zones: ids or names.
    class: routine, priority or emergency.
    voice: auto, gtts, piper or espeak.
    rate_percent: speed of speech; 100 is the voice's own.
    repeats: how many times the whole is said.
    repeat_key_facts: numbers and dates are said a second time.
    valid_until_at: after this it is no longer broadcast.
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


class EditedAnnouncement(Request, frozen=True, kw_only=True):
    """Changes to a bulletin; what is left out stays.

    revision: the revision the changes were made to; refused (409) when somebody saved another meanwhile.
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


class Approval(Request, frozen=True, kw_only=True):
    """content_hash: of what was heard; refused (409) when it changed meanwhile. Left out: what is there now."""

    content_hash: str | None = None


class Comment(Request, frozen=True, kw_only=True):
    """comment: what the author should know."""

    comment: str = ""


class Clip(Answer, frozen=True, kw_only=True):
    """The finished sound.

    url: where to fetch it, with the same token.
    seconds: how long it sounds.
    engine: the voice that spoke; fallback_reason: why it was not the first choice.
    loudness_lufs: integrated loudness.
    """

    sha256: str
    url: str
    seconds: float
    size_bytes: int
    engine: str
    fallback_reason: str | None
    loudness_lufs: float


class Rendering(Answer, frozen=True, kw_only=True):
    """The making of the clip: queued, running, done, failed or cancelled; progress from 0 to 1."""

    status: str
    progress: float
    stage: str
    error: str | None


class Announcement(Answer, frozen=True, kw_only=True):
    """A bulletin.

    status: draft, pending_approval, approved, returned, rejected or withdrawn.
    script: the words that will be said.
    doubts: readings the officer should check.
    clip: null until the sound is made; rendering says how far that is.
    content_hash: what an approval is bound to.
    comment: the approver's last word.
    """

    id: str
    title: str
    text: str
    status: str
    broadcast_class: BroadcastClass = msgspec.field(name="class")
    zones: list[Zone]
    script: str | None
    doubts: list[dict[str, Any]]
    clip: Clip | None
    rendering: Rendering | None
    content_hash: str | None
    revision: int
    voice: str
    rate_percent: int
    repeats: int
    repeat_key_facts: bool
    valid_until_at: datetime | None
    created_by: str
    created_at: datetime
    updated_by: str
    updated_at: datetime
    comment: str | None


class Announcements(Answer, frozen=True, kw_only=True):
    """One page of bulletins, newest first."""

    items: list[Announcement]
    page: int
    pages: int
    total: int


class NewBroadcast(Request, frozen=True, kw_only=True):
    """An order to broadcast an approved bulletin.

    start_at: null for now.
    key: the caller's own id of this order; the same key never makes a second broadcast.
    """

    announcement: str
    start_at: Instant | None = None
    key: Annotated[str, Meta(min_length=1, max_length=120)] | None = None


class Delivery(Answer, frozen=True, kw_only=True):
    """One broadcast's way to one pole.

    status: planned, stored, playing, played, interrupted, failed, missed, expired or cancelled.
    error: why it was not played whole; null when all is well.
    """

    node: str
    name: str
    status: str
    started_at: datetime | None
    ended_at: datetime | None
    played_seconds: float
    error: str | None


class Broadcast(Answer, frozen=True, kw_only=True):
    """One airing. status: scheduled, on_air, completed, partial, missed or cancelled."""

    id: str
    announcement: str | None
    title: str
    status: str
    broadcast_class: BroadcastClass = msgspec.field(name="class")
    live: bool
    drill: bool
    start_at: datetime
    expires_at: datetime
    duration_seconds: float
    engine: str
    script: str
    deliveries: list[Delivery]


class Broadcasts(Answer, frozen=True, kw_only=True):
    """One page of airings, newest first."""

    items: list[Broadcast]
    page: int
    pages: int
    total: int


class SlotRule(Request, frozen=True, kw_only=True):
    """A recurring place in the week.

    first_on, last_on: local dates, both included; null is without end.
    except_on: days without it.
    """

    name: str
    weekdays: list[Weekday]
    times: list[TimeOfDay]
    zones: list[str]
    first_on: date | None = None
    last_on: date | None = None
    except_on: list[date] = []


class NewSlotItem(Request, frozen=True, kw_only=True):
    """An approved bulletin for a slot, from first_on (null: today) to last_on (null: until taken out)."""

    announcement: str
    first_on: date | None = None
    last_on: date | None = None


class SlotItem(Answer, frozen=True, kw_only=True):
    """A bulletin in a slot."""

    id: str
    announcement: str
    title: str
    first_on: date
    last_on: date | None


class Slot(Answer, frozen=True, kw_only=True):
    """A recurring place in the week and what is in it."""

    id: str
    name: str
    weekdays: list[int]
    times: list[str]
    first_on: str | None
    last_on: str | None
    except_on: list[str]
    timezone: str
    zones: list[Zone]
    items: list[SlotItem]


class Node(Answer, frozen=True, kw_only=True):
    """One pole.

    presence: online, offline, unknown (silent too long) or never.
    reasons: what keeps it from being ready, in Vietnamese; empty when all is well.
    playing: id of the broadcast that sounds now.
    """

    id: str
    name: str
    unit: str
    presence: str
    online: bool
    seen_at: datetime | None
    reasons: list[str]
    weak_link: bool
    clock: str | None
    clock_error_ms: int | None
    clips_missing: int | None
    agenda_number: int | None
    playing: str | None
    volume_percent: int
    software: str
    health: dict[str, Any]
