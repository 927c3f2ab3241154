"""What each node may say by itself: the rules two people allowed, in the node's own languages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.protocol.gauges.rules import GaugeRule, SpokenRule
from broadcaster.station.gauges import allowances, rules
from broadcaster.station.nodes.languages import heard_by, spoken
from broadcaster.station.nodes.orders import Ordered
from broadcaster.station.schema import Clip, GaugeAllowance, GaugeRuleRow
from broadcaster.station.units.units import nodes_of
from broadcaster.station.vocabulary.gauges import GaugeAction


@dataclass(frozen=True, slots=True)
class _Allowed:
    allowance: GaugeAllowance
    rule: GaugeRuleRow
    nodes: frozenset[str]
    clips: dict[str, str]


def for_nodes(s: Session, nodes: Sequence[Ordered], *, now_at: datetime) -> dict[str, tuple[SpokenRule, ...]]:
    """By node id; only nodes that may say something."""
    allowed = list(_allowed(s, now_at))
    if not allowed:
        return {}
    named = {sha256 for each in allowed for sha256 in each.clips.values()}
    durations = dict(s.execute(select(Clip.sha256, Clip.duration_ms).where(Clip.sha256.in_(named))).all())
    languages = heard_by(s, nodes)
    found: dict[str, list[SpokenRule]] = {}
    for each in allowed:
        for node in nodes:
            if node.id in each.nodes:
                parts = tuple(each.clips[language] for language in spoken(languages[node.id], each.clips))
                found.setdefault(node.id, []).append(_spoken(each, parts, durations))
    return {node: tuple(some) for node, some in found.items()}


def _allowed(s: Session, now_at: datetime) -> list[_Allowed]:
    found = []
    for rule in rules.listing(s):
        if rule.does is not GaugeAction.SPEAK or rule.announcement is None:
            continue
        allowance = allowances.in_force(s, rule, now_at=now_at)
        if allowance is not None:
            nodes = frozenset(node.id for node in nodes_of(s, rule.announcement.zones))
            found.append(_Allowed(allowance, rule, nodes, allowance.spoken["clips"]))
    return found


def _spoken(each: _Allowed, parts: tuple[str, ...], durations: dict[str, int]) -> SpokenRule:
    words = each.rule.announcement
    until_at = words.valid_until_at if words else None
    return SpokenRule(
        allowance=each.allowance.id,
        rule=msgspec.convert(each.allowance.spoken["rule"], GaugeRule),
        parts=parts,
        duration_ms=sum(durations[sha256] for sha256 in parts),
        expires_at=min(each.allowance.expires_at, until_at or each.allowance.expires_at),
        board_text=each.allowance.spoken["board_text"] or each.allowance.spoken["title"],
    )
