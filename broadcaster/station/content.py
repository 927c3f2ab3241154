"""What an approval is bound to."""

import hashlib
import json
from dataclasses import astuple
from datetime import UTC

from broadcaster.station.schema import Announcement


def content_hash(announcement: Announcement) -> str:
    """Hash over words, sound, zones, times, class, drill, money asked for: whatever changes one of them changes it."""
    until = announcement.valid_until_at
    content = [
        announcement.script,
        announcement.clip_sha256,
        sorted(zone.id for zone in announcement.zones),
        until.astimezone(UTC).isoformat() if until else None,
        str(announcement.broadcast_class),
    ]
    if announcement.drill:
        content.append("drill")
    if announcement.levy is not None:
        content.append(["levy", *astuple(announcement.levy)])
    plain = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()
