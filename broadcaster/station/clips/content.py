"""What an approval is bound to."""

import hashlib
import json
from dataclasses import asdict, astuple
from datetime import UTC
from typing import Any

from broadcaster.station.schema import Announcement
from broadcaster.station.vocabulary.names import tidy


def content_hash(announcement: Announcement) -> str:
    """Hash over words, sound, languages, zones, times, class, drill, money asked for.

    Whatever changes one of them changes it.
    """
    until = announcement.valid_until_at
    content: list[object] = [
        announcement.script,
        announcement.clip_sha256,
        sorted(zone.id for zone in announcement.zones),
        until.astimezone(UTC).isoformat() if until else None,
        str(announcement.broadcast_class),
    ]
    if announcement.drill:
        content.append("drill")
    if announcement.versions:
        said = sorted((each.language, each.clip_sha256, each.said_of, each.text) for each in announcement.versions)
        content.append(["versions", *said])
    if announcement.levy is not None:
        content.append(["levy", *astuple(announcement.levy)])
    return _digest(content)


def text_hash(announcement: Announcement) -> str:
    """What a version in another language says: the text, however it is spaced and encoded."""
    return _digest(tidy(announcement.text))


def plain_content(announcement: Announcement) -> dict[str, Any]:
    """What an approver reads and hears, in plain values."""
    until = announcement.valid_until_at
    return {
        "title": announcement.title,
        "text": announcement.text,
        "class": str(announcement.broadcast_class),
        "zones": [zone.name for zone in announcement.zones],
        "valid_until_at": until.astimezone(UTC).isoformat() if until else None,
        "recording": announcement.recording_sha256,
        "levy": asdict(announcement.levy) if announcement.levy else None,
        "versions": {each.language: each.recording_sha256 for each in announcement.versions},
    }


def _digest(content: object) -> str:
    plain = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()
