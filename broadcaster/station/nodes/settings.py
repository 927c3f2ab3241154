"""What the commune decides about one node: its name and place, how loud and when, who looks after it.

Its agenda carries how loud it may be, always and hour by hour; the node itself keeps to it.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from broadcaster.errors import Invalid
from broadcaster.station.audit import entries as audit
from broadcaster.station.nodes.steps import NodeStep, require_step
from broadcaster.station.people.roles import require
from broadcaster.station.rows import changes
from broadcaster.station.rules.quiet_hours import Hours, checked_hours
from broadcaster.station.schema import Node, Person
from broadcaster.station.vocabulary import positions
from broadcaster.station.vocabulary.names import aliases_with, folded, name_of, tidy

LONGEST_STAGGER_MS = 5000
HOURS = 24
_PHONE = re.compile(r"^[+\d][\d .()-]{2,30}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeSettings:
    """All of it; what is not to change is given as it was.

    name: for people; the old one is kept as an alias.
    place: where it stands, for the technician.
    weak_link: the line to it is known to be poor.
    volume_percent: highest volume allowed.
    volume_profile: highest volume in each hour of the local day, 24 values; empty when all hours are alike.
    stagger_ms: starts this much later than the planned instant.
    quiet_hours: of this node, besides the commune's: pairs of minutes after midnight.
    position: latitude and longitude in degrees; None when unknown.
    keeper_name, keeper_phone: who lives near it and can look.
    """

    name: str
    place: str = ""
    weak_link: bool = False
    volume_percent: int = 100
    volume_profile: tuple[int, ...] = ()
    stagger_ms: int = 0
    quiet_hours: Hours = ()
    position: positions.Position | None = None
    keeper_name: str = ""
    keeper_phone: str = ""


def of(node: Node) -> NodeSettings:
    """What is decided now."""
    known = node.latitude is not None and node.longitude is not None
    return NodeSettings(
        name=node.name,
        place=node.place,
        weak_link=node.weak_link,
        volume_percent=node.volume_percent,
        volume_profile=tuple(node.volume_profile),
        stagger_ms=node.stagger_ms,
        quiet_hours=tuple((each[0], each[1]) for each in node.quiet_hours),
        position=(node.latitude or 0.0, node.longitude or 0.0) if known else None,
        keeper_name=node.keeper_name,
        keeper_phone=node.keeper_phone,
    )


def change(s: Session, *, node: Node, wanted: NodeSettings, by: Person, now_at: datetime) -> None:
    """Decide anew; the node hears of it with its next agenda. Raises Invalid, NotAllowed, or Conflict when revoked."""
    require_step(s, NodeStep.CHANGE, node, by)
    set_volume(s, node=node, percent=wanted.volume_percent, profile=wanted.volume_profile, by=by, now_at=now_at)
    before, after = of(node), _checked(wanted, node)
    if after == before:
        return
    if folded(after.name) != folded(before.name):
        node.aliases = aliases_with(node.aliases, before.name, now=after.name)
    _take_over(node, after)
    details = _differences(before, after)
    audit.record(s, by=by, action="node.changed", subject=f"node:{node.id}", now_at=now_at, details=details)
    changes.bump(s, "nodes")
    changes.bump(s, "agendas")


def set_volume(
    s: Session, *, node: Node, percent: int, profile: Sequence[int] = (), by: Person | None, now_at: datetime
) -> None:
    """Allow at most ``percent``, and in each hour of the day at most what ``profile`` says: 24 values or none.

    A real emergency is bound by ``percent`` alone. Raises NotAllowed, Invalid.
    """
    if by is not None:
        require(s, by, "manage_nodes", node.unit_id)
    if not 0 <= percent <= 100:
        raise Invalid("node.volume_out_of_range", field="volume_percent")
    if len(profile) not in (0, HOURS) or not all(0 <= each <= 100 for each in profile):
        raise Invalid("node.volume_profile_malformed", field="volume_profile")
    chosen = [] if all(each >= percent for each in profile) else list(profile)
    if (node.volume_percent, node.volume_profile) == (percent, chosen):
        return
    node.volume_percent, node.volume_profile = percent, chosen
    details = {"percent": percent, "profile": chosen}
    audit.record(s, by=by, action="node.volume_set", subject=f"node:{node.id}", details=details, now_at=now_at)
    changes.bump(s, "nodes")
    changes.bump(s, "agendas")


def _checked(wanted: NodeSettings, node: Node) -> NodeSettings:
    """As it is stored; the volume was decided just before."""
    if not 0 <= wanted.stagger_ms <= LONGEST_STAGGER_MS:
        raise Invalid("node.stagger_out_of_range", field="stagger_ms", most_ms=LONGEST_STAGGER_MS)
    phone = tidy(wanted.keeper_phone)
    if phone and not _PHONE.match(phone):
        raise Invalid("value.phone_malformed", field="keeper_phone")
    return NodeSettings(
        name=name_of(wanted.name, field="name"),
        place=tidy(wanted.place)[:200],
        weak_link=wanted.weak_link,
        volume_percent=node.volume_percent,
        volume_profile=tuple(node.volume_profile),
        stagger_ms=wanted.stagger_ms,
        quiet_hours=checked_hours(wanted.quiet_hours),
        position=positions.checked(*wanted.position) if wanted.position else None,
        keeper_name=tidy(wanted.keeper_name)[:120],
        keeper_phone=phone,
    )


def _take_over(node: Node, wanted: NodeSettings) -> None:
    node.latitude, node.longitude = wanted.position or (None, None)
    node.quiet_hours = [list(each) for each in wanted.quiet_hours]
    for name in ("name", "place", "weak_link", "stagger_ms", "keeper_name", "keeper_phone"):
        setattr(node, name, getattr(wanted, name))


def _differences(before: NodeSettings, after: NodeSettings) -> dict[str, Any]:
    """What was and what is, as plain JSON, of what changed."""
    was, now = asdict(before), asdict(after)
    return {name: [_plain(was[name]), _plain(now[name])] for name in now if was[name] != now[name]}


def _plain(value: Any) -> Any:
    return [_plain(each) for each in value] if isinstance(value, tuple) else value
