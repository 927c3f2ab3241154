"""What programs send and are answered about announcements."""

from datetime import datetime
from typing import Any

import msgspec

from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.vocabulary.states import Origin
from web.api.bodies import Answer, Instant, Request, Zone
from web.wishes.bodies import Wish


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


class HeardWord(Answer, frozen=True, kw_only=True):
    """A word the machine listener did not make out. figure: of a number or date; before, after: the words beside it."""

    word: str
    figure: bool
    before: str
    after: str


class HeardByMachine(Answer, frozen=True, kw_only=True):
    """What the machine listener made of the clip. words: how many it was asked; unheard: worst numbers first.

    transcript: what it would write of a recording, unchecked by anybody; null for a voice.
    """

    words: int | None
    unheard: list[HeardWord]
    transcript: str | None


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
    heard: by the machine listener; null where none is installed, or before it listened.
    wish: when it shall be broadcast, asked for with the approval.
    steps: what the caller may do with it now: edit, render, stop_rendering, submit, approve, return, reject, withdraw,
        broadcast, schedule, order_emergency, drill, release.
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
    board_text: str
    sent_class: BroadcastClass | None
    heard: HeardByMachine | None
    class_reason: str | None
    wish: Wish | None
    steps: list[str]


class Announcements(Answer, frozen=True, kw_only=True):
    """One page of announcements, newest first."""

    items: list[Announcement]
    page: int
    pages: int
    total: int


class NewLevy(Request, frozen=True, kw_only=True):
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
    origin: commune, or paper for what was copied from one (province and central arrive signed, they are refused here);
        document_number: of the paper.
    board_text: what boards and screens show, at most 120 characters; empty takes the title.
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
    levy: NewLevy | None = None
    origin: Origin = Origin.COMMUNE
    document_number: str | None = None
    board_text: str = ""
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
    levy: NewLevy | msgspec.UnsetType | None = msgspec.UNSET
    origin: Origin | msgspec.UnsetType = msgspec.UNSET
    document_number: str | msgspec.UnsetType | None = msgspec.UNSET
    board_text: str | msgspec.UnsetType = msgspec.UNSET
    class_reason: str | msgspec.UnsetType | None = msgspec.UNSET
