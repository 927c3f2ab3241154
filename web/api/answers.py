"""What the station answers programs: every body, with the meaning and unit of each field."""

from datetime import date, datetime
from typing import Any

import msgspec

from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.vocabulary.states import Origin


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A body the station gives."""


class Failure(Answer, frozen=True, kw_only=True):
    """Why it was not done.

    code: what was refused, the same in every language; all codes stand in ``docs/refusals.md``.
    field: the field of the request it is about, or null.
    message: one sentence that says what to do: in Vietnamese, or in English for who accepts that language.
    """

    code: str
    field: str | None
    message: str


class Zone(Answer, frozen=True, kw_only=True):
    """id, name: the zone as others name it."""

    id: str
    name: str


class ZoneNodes(Zone, frozen=True, kw_only=True):
    """nodes: ids of the nodes in it now."""

    nodes: list[str]


class Recorded(Answer, frozen=True, kw_only=True):
    """A recording as it was read.

    container, codec: its kind, as FFmpeg names it.
    stated_seconds: the length its header states, null for none; seconds: how long it really is.
    recordings: how many lay joined in the file, all taken; tracks: of sound, one of them taken.
    broken: part of it that could not be decoded, 0 to 1.
    """

    container: str
    codec: str
    stated_seconds: float | None
    seconds: float
    recordings: int
    tracks: int
    broken: float


class Clip(Answer, frozen=True, kw_only=True):
    """The finished sound.

    url: where to fetch it as Ogg Opus, with the same token; m4a_url: as AAC in M4A, 503 while that is being made.
    seconds: how long it sounds.
    engine: the voice that spoke; fallback_reason: why it was not the first choice.
    loudness_lufs: integrated loudness.
    recorded: what was found in the recording it was made from; null when a voice spoke.
    """

    sha256: str
    url: str
    m4a_url: str
    seconds: float
    size_bytes: int
    engine: str
    fallback_reason: str | None
    loudness_lufs: float
    recorded: Recorded | None


class Rendering(Answer, frozen=True, kw_only=True):
    """The making of the clip: queued, running, done, failed or cancelled; progress from 0 to 1."""

    status: str
    progress: float
    stage: str
    error: str | None
    error_code: str | None


class Levy(Answer, frozen=True, kw_only=True):
    """Money asked for. bank: as people call it; vietqr: the text of the code a banking app reads."""

    bank_bin: str
    bank: str
    account: str
    holder: str
    amount_vnd: int | None
    purpose: str
    vietqr: str


class Announcement(Answer, frozen=True, kw_only=True):
    """An announcement.

    status: draft, pending_approval, approved, returned, rejected or withdrawn.
    script: the words that will be said.
    doubts: readings the officer should check.
    clip: null until the sound is made; rendering says how far that is.
    content_hash: what an approval is bound to.
    comment: the approver's last word.
    steps: what the caller may do with it now: edit, render, stop_rendering, submit, approve, return, reject, withdraw,
        broadcast, order_emergency.
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
    drill: bool
    phrase: str | None
    levy: Levy | None
    origin: Origin
    document_number: str | None
    sent_class: BroadcastClass | None
    class_reason: str | None
    steps: list[str]


class Announcements(Answer, frozen=True, kw_only=True):
    """One page of announcements, newest first."""

    items: list[Announcement]
    page: int
    pages: int
    total: int


class Delivery(Answer, frozen=True, kw_only=True):
    """One broadcast's way to one node.

    status: planned, stored, playing, played, interrupted, failed, missed, expired or cancelled.
    error: why it was not played whole; null when all is well.
    error_code: the same, as every language names it.
    heard: whether the node's microphone heard it; null without one, or when that is not known.
    languages: codes of what this node plays, in order.
    """

    node: str
    name: str
    status: str
    languages: list[str]
    started_at: datetime | None
    ended_at: datetime | None
    played_seconds: float
    error: str | None
    error_code: str | None
    heard: bool | None


class Broadcast(Answer, frozen=True, kw_only=True):
    """One broadcast. status: scheduled, on_air, completed, partial, missed or cancelled.

    origin, document_number: whose announcement it is.
    repeat_of: id of the first sounding, when this is a repetition of an alarm.
    """

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
    origin: Origin
    document_number: str | None
    repeat_of: str | None
    deliveries: list[Delivery]


class Broadcasts(Answer, frozen=True, kw_only=True):
    """One page of broadcasts, newest first."""

    items: list[Broadcast]
    page: int
    pages: int
    total: int


class SlotItem(Answer, frozen=True, kw_only=True):
    """An announcement in a slot."""

    id: str
    announcement: str
    title: str
    first_on: date
    last_on: date | None


class Slot(Answer, frozen=True, kw_only=True):
    """A recurring place and what is in it. rule: as it was given; days: the same in Vietnamese words."""

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
    zones: list[Zone]
    items: list[SlotItem]


class Node(Answer, frozen=True, kw_only=True):
    """One node.

    presence: online, offline, unknown (silent too long) or never.
    reasons: what keeps it from being ready; empty when all is well.
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
