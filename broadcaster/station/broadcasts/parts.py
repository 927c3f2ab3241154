"""What of a broadcast sounds at which node: the clips of its languages, each node its own row of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.station.nodes.languages import VIETNAMESE, heard_by, spoken
from broadcaster.station.schema import Clip, Node


@dataclass(frozen=True, slots=True)
class BroadcastParts:
    """clips: sha256 by language, Vietnamese and those some node speaks; languages: of each node, by its id, in order;
    duration_ms: of the node that sounds longest."""

    clips: Mapping[str, str]
    languages: Mapping[str, tuple[str, ...]]
    duration_ms: int


def of(s: Session, clips: Mapping[str, str], nodes: Sequence[Node]) -> BroadcastParts:
    """How the clips of a content (sha256 by language, Vietnamese among them) are shared out to the nodes."""
    durations = _durations(s, clips)
    if len(clips) == 1:
        return BroadcastParts(clips, {node.id: (VIETNAMESE,) for node in nodes}, durations[VIETNAMESE])
    wanted = heard_by(s, nodes)
    languages = {node.id: spoken(wanted[node.id], clips) for node in nodes}
    rows = set(languages.values()) | ({(VIETNAMESE,)} if not nodes else set())
    used = {VIETNAMESE}.union(*rows)
    longest = max(sum(durations[language] for language in row) for row in rows)
    return BroadcastParts({language: clips[language] for language in clips if language in used}, languages, longest)


def _durations(s: Session, clips: Mapping[str, str]) -> dict[str, int]:
    known = dict(s.execute(select(Clip.sha256, Clip.duration_ms).where(Clip.sha256.in_(clips.values()))).all())
    return {language: known[sha256] for language, sha256 in clips.items()}
