"""Which clips a node holds before anything is ordered: those of approved announcements, in its own languages, and
those with which live sound begins."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, or_, select
from sqlalchemy.orm import Session

from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.agendas import live_items
from broadcaster.station.nodes.languages import VIETNAMESE, heard_by, spoken
from broadcaster.station.nodes.orders import Ordered
from broadcaster.station.schema import Announcement, Version, announcement_zones, zone_nodes
from broadcaster.station.vocabulary.states import AnnouncementState

Clips = dict[str, str]
"""sha256 by language."""


def wanted(s: Session, nodes: Sequence[Ordered], now_at: datetime) -> dict[str, list[str]]:
    """The clips of each node, by its id: emergencies first, then the newest announcement."""
    urgency = case((Announcement.broadcast_class == BroadcastClass.EMERGENCY, 0), else_=1)
    chosen = (
        select(zone_nodes.c.node_id, Announcement.id, Announcement.clip_sha256)
        .join(announcement_zones, announcement_zones.c.zone_id == zone_nodes.c.zone_id)
        .join(Announcement, Announcement.id == announcement_zones.c.announcement_id)
        .where(_ready(now_at))
        .order_by(urgency, Announcement.updated_at.desc(), Announcement.id)
    )
    if len(nodes) == 1:
        chosen = chosen.where(zone_nodes.c.node_id == nodes[0].id)
    versions = _versions(s, now_at)
    heard = heard_by(s, nodes) if versions else {}
    found: dict[str, list[str]] = {}
    for node_id, announcement_id, sha256 in s.execute(chosen):
        clips = {VIETNAMESE: sha256, **versions.get(announcement_id, {})}
        own = spoken(heard.get(node_id, (VIETNAMESE,)), clips)
        found.setdefault(node_id, []).extend(clips[language] for language in own)
    live = live_items.stored(s)
    for node in nodes if live else ():
        found[node.id] = live + found.get(node.id, [])
    return found


def _versions(s: Session, now_at: datetime) -> dict[str, Clips]:
    """The finished versions of approved announcements, by announcement."""
    chosen = select(Version.announcement_id, Version.language, Version.clip_sha256).join(
        Announcement, Announcement.id == Version.announcement_id
    )
    found: dict[str, Clips] = {}
    for announcement_id, language, sha256 in s.execute(chosen.where(_ready(now_at), Version.clip_sha256.is_not(None))):
        found.setdefault(announcement_id, {})[language] = sha256 or ""
    return found


def _ready(now_at: datetime) -> ColumnElement[bool]:
    return and_(
        Announcement.state == AnnouncementState.APPROVED,
        Announcement.clip_sha256.is_not(None),
        or_(Announcement.valid_until_at.is_(None), Announcement.valid_until_at > now_at),
    )
