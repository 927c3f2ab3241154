"""How a node is: said at every change, at every connection, as a heartbeat, and by the broker as last will."""

from typing import Annotated

import msgspec
from msgspec import Meta

from broadcaster.protocol.agenda import AuditHead
from broadcaster.protocol.codec import Message
from broadcaster.protocol.live.source import LiveHearing
from broadcaster.protocol.release import ReleaseReport
from broadcaster.protocol.values import (
    BroadcastId,
    ClockState,
    Code,
    Count,
    DurationMs,
    Facts,
    Instant,
    IssuerId,
    KeyId,
    NodeId,
    Percent,
    ShortText,
)


class NodeHealth(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The body of the node; None is "not measured".

    temperature_celsius: of the processor.
    under_voltage: the supply sagged since the last status.
    free_bytes: room left for clips.
    storage_fault: what the card refused: a ``TroubleCode``, from older nodes a sentence; empty when sound.
    uptime_seconds: since the board started.
    bytes_this_month: both ways over the link, since the first of the month.
    signal_percent: of the modem.
    heard: the microphone heard the latest clip come out of the horn; False is a horn that is dumb.
    heard_percent: how like the clip was what it heard.
    """

    temperature_celsius: float | None = None
    under_voltage: bool | None = None
    free_bytes: Count | None = None
    storage_fault: ShortText = ""
    uptime_seconds: Count | None = None
    bytes_this_month: Count | None = None
    signal_percent: Percent | None = None
    heard: bool | None = None
    heard_percent: Percent | None = None


class Trouble(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something a technician should know.

    code: a ``TroubleCode``, or one of a newer node.
    facts: what its sentence names.
    """

    code: Code
    facts: Facts = {}


class RefusedAgenda(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The latest agenda that the station's key signed for this node and that it does not obey all the same.

    issuer, term, number: as in that agenda.
    error: name of the refusal: ``OutOfOrder``, ``Superseded``, ``Replayed`` (another agenda of the same number) or
        ``Expired``; ``UnsupportedVersion`` or ``Malformed`` when nothing else of it could be read.
    """

    issuer: IssuerId = ""
    term: Count = 0
    number: Count = 0
    error: Annotated[str, Meta(max_length=40)]


class NodeStatus(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The state of one node during one connection.

    node: who speaks.
    connection: rises with every connection the node ever made; a will with an old number is ignored.
    online: False in the last will and in a clean goodbye.
    at: the node's clock when this was said; None in a will, which is said by the broker.
    unchanged: a heartbeat: besides these and ``boot`` nothing is said, because all is as it was said last.
    agenda_number: the agenda the node obeys; 0 for none.
    agenda_term, agenda_issuer: of that agenda: which copy of the station the node obeys.
    agenda_audit: end of the audit chain that came with it.
    station_key: fingerprint of the public key it believes.
    highest_number: highest number ever accepted in the highest term, when that agenda itself was lost; else 0.
    refused: an agenda that came since the one in force and is not obeyed.
    clips_missing: clips of that agenda not yet complete on its disk.
    clock: how far its time may be trusted.
    clock_error_ms: its own estimate of how wrong it may be.
    playing: the broadcast that sounds now.
    live: how it hears a live session that goes on.
    stopped: a stop-all is in force on the node.
    muted: the local switch is off.
    volume_percent: what is set.
    sound: what plays: the device, "file", or empty when none could be opened.
    software: version of the node's program.
    screen: whether it has one, and wants the words for it.
    pre_roll_ms: how long its amplifier takes to wake before it can sound; None from older nodes.
    release: how far it is with a newer program; None when it cannot be updated over the air.
    boot: changes with every start of the program; two alternating values betray a cloned card.
    health: the body.
    troubles: what the node wants a technician to know.
    trouble: the same as Vietnamese sentences, from older nodes.
    """

    node: NodeId
    connection: Count
    online: bool
    at: Instant | None = None
    unchanged: bool = False
    agenda_number: Count = 0
    agenda_term: Count = 0
    agenda_issuer: IssuerId = ""
    agenda_audit: AuditHead | None = None
    station_key: KeyId = ""
    highest_number: Count = 0
    refused: RefusedAgenda | None = None
    clips_missing: Count = 0
    clock: ClockState = ClockState.UNSYNCED
    clock_error_ms: DurationMs | None = None
    playing: BroadcastId | None = None
    live: LiveHearing | None = None
    stopped: bool = False
    muted: bool = False
    volume_percent: Percent = 100
    sound: ShortText = ""
    screen: bool = False
    pre_roll_ms: DurationMs | None = None
    software: Annotated[str, Meta(max_length=40)] = ""
    release: ReleaseReport | None = None
    boot: Annotated[str, Meta(max_length=40)] = ""
    health: NodeHealth = NodeHealth()
    troubles: Annotated[tuple[Trouble, ...], Meta(max_length=16)] = ()
    trouble: Annotated[tuple[ShortText, ...], Meta(max_length=16)] = ()
