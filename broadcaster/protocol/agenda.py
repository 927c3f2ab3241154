"""What one node must play in the next days, and the rules it must obey while doing so."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from broadcaster.protocol.codec import Message
from broadcaster.protocol.gauges.rules import SpokenRule
from broadcaster.protocol.live.source import LiveSource
from broadcaster.protocol.values import (
    BroadcastClass,
    BroadcastId,
    Count,
    DurationMs,
    Instant,
    IssuerId,
    MinuteOfDay,
    NodeId,
    Percent,
    Sha256,
    ShortText,
    StationId,
)

MOST_REPEATS = 100
"""Repetitions in one row."""


class ClipRef(msgspec.Struct, frozen=True, kw_only=True):
    """A clip the node shall hold. Chunk ``i`` is bytes ``[i * chunk_bytes, (i + 1) * chunk_bytes)`` of it.

    sha256: name of the clip, hash of all its bytes.
    size_bytes: length of the whole.
    chunk_bytes: length of every chunk but the last.
    duration_ms: how long it sounds.
    """

    sha256: Sha256
    size_bytes: Annotated[int, Meta(ge=1, le=64 * 1024 * 1024)]
    chunk_bytes: Annotated[int, Meta(ge=1024, le=262_144)]
    duration_ms: DurationMs


class AgendaItem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One broadcast as one node shall play it.

    broadcast: id of the broadcast; the ledger's key.
    parts: sha256 of the clips to be played one after the other without a gap.
    broadcast_class: decides pre-emption and whether quiet hours let it pass.
    start_at: instant of the first sample.
    expires_at: instant by which the last sample must have sounded; a play that cannot make it does not start.
    order: when two of one class are due together the lower goes first; from 2 on it also waits for one of a lower order
        above 0 that begins before it would be over, while there is time for both.
    live: an order given now: a node whose clock is unsynced plays it on arrival.
    drill: an exercise; the clip itself says so too.
    chirp: a short test of this one node, asked for by a person just now; quiet hours do not bind it.
    resume: what an interruption leaves: True plays again from the start while there is time.
    duration_ms: how long all parts together sound.
    repeats: this and so many less one after it, each a broadcast of its own: the number behind the last hyphen of the
        id rises by one, ``start_at`` and ``expires_at`` by ``every_ms``, and only the first is ``live``.
    every_ms: from one repetition to the next.
    board_text: what a screen at the node shows, in few words, as approved; empty for nodes without one.
    gives_way: a relay that was recorded: whatever else is due cuts it, and afterwards it goes on where it is by then. A
        node of an earlier version plays it as any other.
    source: live sound that follows the parts; ``duration_ms`` then counts the longest it may last. A node of an earlier
        version plays the parts alone.
    """

    broadcast: BroadcastId
    parts: Annotated[tuple[Sha256, ...], Meta(min_length=1, max_length=64)]
    broadcast_class: BroadcastClass
    start_at: Instant
    expires_at: Instant
    duration_ms: DurationMs
    order: int = 0
    live: bool = False
    drill: bool = False
    chirp: bool = False
    resume: bool = False
    repeats: Annotated[int, Meta(ge=1, le=MOST_REPEATS)] = 1
    every_ms: DurationMs = 0
    board_text: ShortText = ""
    gives_way: bool = False
    source: LiveSource | None = None

    def __post_init__(self) -> None:
        if self.expires_at <= self.start_at:
            raise ValueError("expires_at must be later than start_at")
        if self.source and self.repeats > 1:
            raise ValueError("repeats cannot be of a live source")
        stem, _, number = self.broadcast.rpartition("-")
        if self.repeats > 1 and (self.every_ms == 0 or not stem or not number.isdecimal()):
            raise ValueError("repeats needs every_ms, and a broadcast whose id ends in a number")

    @property
    def keeps_its_time(self) -> bool:
        """What of it is over by the clock is not caught up with: whoever begins late or was cut joins what goes on."""
        return self.gives_way or self.source is not None

    @property
    def clips(self) -> tuple[Sha256, ...]:
        """Every clip it may play: its parts, and what stands in for a live source."""
        return self.parts + (self.source.fallback if self.source else ())


class QuietHours(msgspec.Struct, frozen=True, kw_only=True):
    """A daily stretch in which only an emergency may sound; it may run past midnight.

    from_minute, to_minute: minutes after local midnight, ``from`` included, ``to`` not.
    """

    from_minute: MinuteOfDay
    to_minute: MinuteOfDay


class Policy(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The commune's standing rules, enforced on the node.

    timezone: IANA name in which quiet hours are meant.
    quiet_hours: when only emergencies sound.
    volume_percent: highest volume allowed.
    volume_profile: highest volume in each hour of the local day, from midnight on, 24 values; empty when all hours are
        alike. It does not bind a real emergency.
    stagger_ms: how much later than the planned instant this node starts, against echo between horns.
    monthly_megabytes: data budget of the link; 0 is no limit.
    spoken_rules: what this node may say by itself when a gauge is over its limit. Older nodes say nothing by them.
    """

    timezone: Annotated[str, Meta(max_length=64)] = "Asia/Ho_Chi_Minh"
    quiet_hours: Annotated[tuple[QuietHours, ...], Meta(max_length=16)] = ()
    volume_percent: Percent = 100
    volume_profile: Annotated[tuple[Percent, ...], Meta(max_length=24)] = ()
    stagger_ms: Annotated[int, Meta(ge=0, le=5000)] = 0
    monthly_megabytes: Count = 0
    spoken_rules: Annotated[tuple[SpokenRule, ...], Meta(max_length=32)] = ()

    def __post_init__(self) -> None:
        if len(self.volume_profile) not in (0, 24):
            raise ValueError("volume_profile must name all 24 hours or none")


class StopOrder(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Silence, now and until an agenda without it arrives.

    order: id of the order.
    ordered_at: when it was given.
    reason: for the log.
    """

    order: BroadcastId
    ordered_at: Instant
    reason: ShortText = ""


class AuditHead(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The end of the station's audit chain when it signed; nodes say it back, so that the proof lies outside.

    entry: number of the last entry.
    hash: of the last entry.
    signature: the station's over both, as in ``signing.sign_head``; so nobody but the station can have said it.
    """

    entry: Count
    hash: Sha256
    signature: Annotated[str, Meta(max_length=100)] = ""


@dataclass(frozen=True, slots=True, order=True)
class AgendaMark:
    """Place of an agenda among all that were ever signed for a node: a higher term first, then the higher number.

    term: as in :class:`Agenda`.
    number: as in :class:`Agenda`.
    """

    term: int = 0
    number: int = 0


class Agenda(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The whole duty of one node. A cancelled broadcast is simply no longer in it.

    station, node: from whom and for whom.
    number: higher than that of every agenda issued before it to this node in this term.
    term: rises when a person lets a machine take over the station; a node obeys the highest term it ever saw, and only
        that. 0 from stations that do not say it.
    issuer: the copy of the station that signed.
    audit: end of the station's audit chain.
    issued_at: when the station signed it.
    expires_at: after this the node no longer plays by it.
    items: broadcasts to play, in no particular order.
    clips: every clip the items need, and clips to be held in store for orders still to come.
    policy: the standing rules.
    stop: present while the stop-all is in force.
    release: a newer program for the node, as ``release.sign_release`` writes it; empty for none.
    wheels: the files of that program, to be fetched after every clip.
    """

    LIMIT_BYTES: ClassVar[int] = 262_144

    station: StationId
    node: NodeId
    number: Annotated[int, Meta(ge=1, le=2**53)]
    term: Count = 0
    issuer: IssuerId = ""
    audit: AuditHead | None = None
    issued_at: Instant
    expires_at: Instant
    items: Annotated[tuple[AgendaItem, ...], Meta(max_length=1000)] = ()
    clips: Annotated[tuple[ClipRef, ...], Meta(max_length=1000)] = ()
    policy: Policy = Policy()
    stop: StopOrder | None = None
    release: Annotated[str, Meta(max_length=32_768)] = ""
    wheels: Annotated[tuple[ClipRef, ...], Meta(max_length=64)] = ()

    def __post_init__(self) -> None:
        known = {clip.sha256 for clip in self.clips}
        for index, item in enumerate(self.items):
            if not known.issuperset(item.clips):
                raise ValueError(f"items[{index}].parts names a clip that clips does not describe")
        for index, spoken in enumerate(self.policy.spoken_rules):
            if not known.issuperset(spoken.parts):
                raise ValueError(f"policy.spoken_rules[{index}].parts names a clip that clips does not describe")

    @property
    def mark(self) -> AgendaMark:
        """Its place among the agendas of this node."""
        return AgendaMark(self.term, self.number)

    def clip(self, sha256: str) -> ClipRef:
        """The description of one clip. Raises KeyError when the agenda does not hold it."""
        for clip in self.clips:
            if clip.sha256 == sha256:
                return clip
        raise KeyError(sha256)
