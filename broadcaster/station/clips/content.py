"""What an approval is bound to."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import astuple, is_dataclass
from datetime import UTC
from typing import Any

from broadcaster.station.schema import Announcement
from broadcaster.station.schema.announcement_fields import Use, compared, used
from broadcaster.station.vocabulary.names import tidy
from broadcaster.station.vocabulary.wishes import Wish, plain

_ALWAYS: dict[str, Callable[[Any], object]] = {
    "zones": lambda zones: sorted(zone.id for zone in zones),
    "valid_until_at": lambda until_at: until_at.astimezone(UTC).isoformat() if until_at else None,
    "broadcast_class": str,
}
"""Sealed since the first version, in this order: a hash once given must come out the same."""
_WHEN_THERE = tuple(name for name in used(Use.SEALED) if name not in {*_ALWAYS, "drill"})
"""Every other sealed field joins the hash with its name, when it has a value."""


def content_hash(announcement: Announcement) -> str:
    """Hash over words, sound, languages, zones, times, class, drill, money asked for.

    Whatever changes one of them changes it.
    """
    content: list[object] = [announcement.script, announcement.clip_sha256]
    content += [_ALWAYS[name](getattr(announcement, name)) for name in _ALWAYS]
    if announcement.drill:
        content.append("drill")
    if announcement.versions:
        said = sorted((each.language, each.clip_sha256, each.said_of, each.text) for each in announcement.versions)
        content.append(["versions", *said])
    content += [[name, *_sealed(getattr(announcement, name))] for name in _WHEN_THERE if getattr(announcement, name)]
    return _digest(content)


def text_hash(announcement: Announcement) -> str:
    """What a version in another language says: the text, however it is spaced and encoded."""
    return _digest(tidy(announcement.text))


def plain_content(announcement: Announcement) -> dict[str, Any]:
    """What an approver reads and hears, in plain values."""
    versions = {each.language: each.recording_sha256 for each in announcement.versions}
    return {**compared(announcement), "versions": versions}


def _sealed(value: object) -> tuple[object, ...]:
    if isinstance(value, Wish):
        return tuple(sorted((plain(value) or {}).items()))
    return astuple(value) if is_dataclass(value) and not isinstance(value, type) else (value,)


def _digest(content: object) -> str:
    plain = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()
