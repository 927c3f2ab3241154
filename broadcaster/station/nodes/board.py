"""How a node is, in words an officer understands. Pure: nothing is asked of the database here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from broadcaster.protocol.values import ClockState
from broadcaster.refusals.reasons import Reason, decode
from broadcaster.station.copies.own_copy import OwnCopy
from broadcaster.station.nodes.reasons import stated
from broadcaster.station.schema import Node, NodeState

SILENCE = timedelta(minutes=3)
"""Without a sign of life for so long nobody may say the node is online."""
AHEAD_MS, BEHIND_MS = 30_000, 180_000
"""A clock so far from the station's is wrong, or the station's is; a message may come minutes late, but never early."""
ALIKE_MS = 60_000
"""Nodes whose clocks are so near to each other agree."""
HOT_CELSIUS = 80
SCARCE_BYTES = 200_000_000

Presence = Literal["online", "offline", "unknown", "never", "elsewhere"]


@dataclass(frozen=True, slots=True)
class NodeView:
    """One line of the board.

    node: the node.
    state: what it last said; None when it never spoke.
    presence: "never" spoke, "unknown" when silent too long without a goodbye, "elsewhere" when it is here but obeys
        another copy of the station.
    reasons: what keeps it from being ready; empty when all is well.
    sound_fault: why its sound device failed when it played last; None when it did not.
    """

    node: Node
    state: NodeState | None
    presence: Presence
    reasons: tuple[Reason, ...]
    sound_fault: Reason | None = None


def view(
    node: Node,
    state: NodeState | None,
    *,
    issued_number: int | None,
    now_at: datetime,
    own: OwnCopy,
    twofold: bool = False,
    sound_fault: Reason | None = None,
) -> NodeView:
    """``issued_number`` is that of the agenda last given to the node; ``twofold``: two machines speak in its name;
    ``sound_fault``: as in NodeView."""
    presence = presence_of(state, now_at, own=own, issued_number=issued_number)
    reasons = [_PRESENCE[presence]] if presence != "online" else []
    if twofold:
        reasons.append(Reason("node.twofold"))
    if state is not None:
        behind = state.agenda_term < own.term or (issued_number is not None and state.agenda_number < issued_number)
        reasons += _reasons(state, behind=behind, online=presence == "online")
    if sound_fault is not None:
        reasons.append(Reason("node.last_play_failed", why=sound_fault))
    return NodeView(node, state, presence, tuple(reasons), sound_fault)


def presence_of(state: NodeState | None, now_at: datetime, *, own: OwnCopy, issued_number: int | None) -> Presence:
    """Never "online" three minutes after the last sign of life, nor while it obeys another copy of the station."""
    if state is None or (state.seen_at is None and state.online):
        return "never"
    if not state.online:
        return "offline"
    if state.seen_at is None or now_at - state.seen_at >= SILENCE:
        return "unknown"
    another = own.is_another(
        term=state.agenda_term, issuer=state.agenda_issuer, number=state.agenda_number, issued=issued_number
    )
    return "elsewhere" if another else "online"


_PRESENCE: dict[str, Reason] = {
    "offline": Reason("node.offline"),
    "unknown": Reason("node.silent"),
    "never": Reason("node.never_connected"),
    "elsewhere": Reason("node.obeys_another"),
}
_MUTED = Reason("node.muted")
_SOUNDLESS = Reason("node.no_sound_device")


def _reasons(state: NodeState, *, behind: bool, online: bool) -> list[Reason]:
    candidates = [
        (state.stopped, Reason("node.stopped")),
        (state.muted, _MUTED),
        (not state.sound, _SOUNDLESS),
        (state.clock is ClockState.UNSYNCED, Reason("node.unsynced")),
        (online and is_apart(state.clock_offset_ms), clock_apart(state)),
        (state.clips_missing > 0, Reason("node.clips_missing", count=state.clips_missing)),
        (online and behind, Reason("node.agenda_old")),
    ]
    found = [reason for true, reason in candidates if true] + _body(state) + [decode(each) for each in state.trouble]
    return list(dict.fromkeys(found))


def is_apart(offset_ms: int | None) -> bool:
    """Whether a clock so far ahead of the station's, or behind it when negative, is wrong if the station's is right."""
    return offset_ms is not None and not -BEHIND_MS <= offset_ms <= AHEAD_MS


_UNITS = (("duration.days", 86_400), ("duration.hours", 3600), ("duration.minutes", 60))
_APART = {
    ("node", True): "node.clock_ahead",
    ("node", False): "node.clock_behind",
    ("station", True): "station.clock_ahead",
    ("station", False): "station.clock_behind",
}


def clock_apart(state: NodeState) -> Reason:
    """How far this node's clock is from the station's."""
    return _apart("node", state.clock_offset_ms or 0)


def station_apart(views: Sequence[NodeView]) -> Reason | None:
    """Why the station's own clock is the wrong one: most nodes that are here and know the time, two at least, agree on
    another. None when it is not."""
    offsets = sorted(
        view.state.clock_offset_ms
        for view in views
        if view.presence == "online" and view.state and view.state.clock is not ClockState.UNSYNCED
        if view.state.clock_offset_ms is not None
    )
    middle = offsets[len(offsets) // 2] if offsets else 0
    alike = sum(abs(offset - middle) <= ALIKE_MS for offset in offsets)
    if alike < 2 or 2 * alike <= len(offsets) or not is_apart(middle):
        return None
    return _apart("station", -middle, count=alike)


def _apart(whose: str, offset_ms: int, **facts: object) -> Reason:
    """In the largest unit that says it well."""
    seconds = abs(offset_ms) // 1000
    unit, size = next(((unit, size) for unit, size in _UNITS if seconds >= 2 * size), ("duration.seconds", 1))
    return Reason(_APART[whose, offset_ms > 0], apart=Reason(unit, count=round(seconds / size)), **facts)


def faults(found: NodeView) -> list[Reason]:
    """Of the reasons those that do not pass by themselves: somebody has to go there."""
    failed = [Reason("node.last_play_failed", why=found.sound_fault)] if found.sound_fault else []
    if found.state is None:
        return failed
    candidates = [(found.state.muted, _MUTED), (not found.state.sound, _SOUNDLESS)]
    return [reason for true, reason in candidates if true] + failed + _body(found.state)


def _card(fault: str, troubles: Sequence[Reason]) -> Reason:
    """A code, whose facts the trouble of that code has; older nodes tell a sentence, the oldest the kernel's words."""
    if " " in fault and not fault.endswith("."):
        return Reason("node.card_faulty", cause=fault)
    plain = stated("trouble", fault, {})
    return next((each for each in troubles if each.code == plain.code), plain)


def _body(state: NodeState) -> list[Reason]:
    health = state.health
    temperature, free = health.get("temperature_celsius"), health.get("free_bytes")
    card = str(health.get("storage_fault") or "")
    candidates = [
        (health.get("under_voltage"), Reason("node.under_voltage")),
        (card, _card(card, [decode(each) for each in state.trouble])),
        (
            temperature is not None and temperature >= HOT_CELSIUS,
            Reason("node.hot", celsius=temperature),
        ),
        (
            health.get("heard") is False,
            Reason("node.horn_silent"),
        ),
        (free is not None and free < SCARCE_BYTES, Reason("node.card_almost_full")),
    ]
    return [reason for true, reason in candidates if true]
