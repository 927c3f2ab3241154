"""The station's own key: what nodes pin at enrolment and every agenda is signed with."""

import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from broadcaster.errors import Invalid
from broadcaster.protocol import signing
from broadcaster.protocol.agenda import Agenda, AuditHead
from broadcaster.protocol.release import Release, sign_release
from broadcaster.station.audit import chain

FILE = "station.key"


@dataclass(frozen=True, slots=True)
class StationIdentity:
    """station: its id in topics and agendas; seed: the Ed25519 private key, 32 bytes."""

    station: str
    seed: bytes = field(repr=False)

    @classmethod
    def load_or_create(cls, data_dir: Path, station: str) -> "StationIdentity":
        """The key in ``data_dir``, made at the first start. Raises Invalid when it belongs to another station."""
        data_dir.mkdir(parents=True, exist_ok=True)
        path = data_dir / FILE
        _create(path, station)
        return _read(path, station)

    @property
    def public_key(self) -> bytes:
        """32 bytes."""
        return signing.public_key(self.seed)

    @property
    def audit_key(self) -> bytes:
        """What the audit trail is sealed with."""
        return chain.derived_key(self.seed)

    def sign_head(self, head: AuditHead | None) -> AuditHead | None:
        """The end of the audit chain as others may hold it."""
        return head and signing.sign_head(head, station=self.station, seed=self.seed)

    def sign_release(self, release: Release) -> str:
        """The order for a newer program as it stands in an agenda."""
        return sign_release(release, self.seed)

    def sign(self, agenda: Agenda) -> bytes:
        """The agenda as the node wants it."""
        return signing.sign_agenda(agenda, self.seed)


def public_key_in(data_dir: Path) -> str | None:
    """Of the key in this folder, in hexadecimal letters; None where there is none. Raises Invalid for a broken one."""
    path = data_dir / FILE
    return _content(path).public_key.hex() if path.exists() else None


def _create(path: Path, station: str) -> None:
    """Written beside and linked into place: of two processes that start at once both end up with one key."""
    if path.exists():
        return
    beside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump({"station": station, "seed": secrets.token_hex(32)}, file)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(beside, path)
    except FileExistsError:
        pass
    finally:
        beside.unlink()


def _read(path: Path, station: str) -> StationIdentity:
    identity = _content(path)
    if identity.station != station:
        raise Invalid(
            "identity.of_another_station", field="station.id", path=path, owner=identity.station, station=station
        )
    return identity


def _content(path: Path) -> StationIdentity:
    try:
        content = json.loads(path.read_text())
        return StationIdentity(str(content["station"]), bytes.fromhex(content["seed"]))
    except (ValueError, KeyError, TypeError):
        raise Invalid("identity.broken", path=path) from None
