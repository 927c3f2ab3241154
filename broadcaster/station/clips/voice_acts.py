"""What an administrator does with the voices of this machine; each act is in the audit trail, a key never."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from broadcaster.errors import NotFound
from broadcaster.speech.online.keys import FOLDER, KeyRing
from broadcaster.speech.online.providers import Provider, providers
from broadcaster.speech.packs import shelf
from broadcaster.station.audit import entries as audit
from broadcaster.station.people.roles import require
from broadcaster.station.schema import Person


def provider_of(name: str) -> Provider:
    """Raises NotFound."""
    found = providers().get(name)
    if found is None:
        raise NotFound("online_voice.provider_unknown", provider=name[:40])
    return found


def set_key(
    s: Session, *, provider: Provider, values: Mapping[str, str], data_dir: Path, by: Person, now_at: datetime
) -> None:
    """Keep the key, or forget it where none is given. Raises Invalid by the field, or NotAllowed."""
    require(s, by, "manage_people", None)
    ring = KeyRing(data_dir / FOLDER)
    if any(value.strip() for value in values.values()):
        ring.write(provider, dict(values))
    else:
        ring.remove(provider)
    _note(s, "voices.key_changed", {"provider": provider.name}, by=by, now_at=now_at)


def pack_sent(s: Session, *, name: str, by: Person, now_at: datetime) -> None:
    """A pack was brought to the station, which looks at it next. Raises NotAllowed."""
    require(s, by, "manage_people", None)
    _note(s, "voices.pack_sent", {"name": name[:120]}, by=by, now_at=now_at)


def remove_pack(s: Session, *, pack_id: str, data_dir: Path, by: Person, now_at: datetime) -> None:
    """Raises NotAllowed. One that is gone already stays gone; what is approved stays as it was heard."""
    require(s, by, "manage_people", None)
    if shelf.find(data_dir / "voices", pack_id) is None:
        return
    shelf.remove(data_dir / "voices", pack_id)
    _note(s, "voices.pack_removed", {"pack": pack_id}, by=by, now_at=now_at)


def _note(s: Session, action: str, details: dict[str, str], *, by: Person, now_at: datetime) -> None:
    audit.record(s, by=by, action=action, subject="settings:voices", now_at=now_at, details=details)
