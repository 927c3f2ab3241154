"""What a backup says of itself: its first member, and what all others are compared with."""

from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import msgspec

from broadcaster.errors import Invalid
from broadcaster.protocol.agenda import AuditHead
from broadcaster.station.database.copies.shut_out import ShutOut

NAME = "manifest.json"
FORMAT = 1
"""Raised when an older program could not restore what a newer one writes."""
MOST_BYTES = 64_000_000


class FileDigest(msgspec.Struct, frozen=True):
    """sha256 and length of one file."""

    sha256: str
    size_bytes: int


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """station, station_name: whose it is; made_at: when; program: version that made it.

    database: file in the backup; kind: sqlite or postgresql; revision: of the schema; counts: rows by table.
    settings: the configuration in force, without what belongs to the machine (folder, database).
    files: in the backup itself, by their name in the data folder; the database among them.
    apart: what never changes, stored once beside all backups, by name; sound and voices.
    damaged: files of the station that were not as they should be when it was made.
    shut_out: nodes, people and tokens that were let in no more; an older backup does not let them in again.
    audit_head: signed end of the audit trail in the backup, to be held against the trail later.
    """

    format: int = FORMAT
    program: str
    station: str
    station_name: str
    made_at: datetime
    database: str
    kind: str
    revision: str
    counts: dict[str, int]
    settings: dict[str, Any]
    files: dict[str, FileDigest]
    apart: dict[str, FileDigest] = {}
    damaged: list[str] = []
    shut_out: list[ShutOut] = []
    audit_head: AuditHead | None = None


def program() -> str:
    """Version of this program."""
    try:
        return version("loa-lang")
    except PackageNotFoundError:
        return "?"


def encode(manifest: Manifest) -> bytes:
    return msgspec.json.encode(manifest)


def decode(data: bytes, name: str) -> Manifest:
    """Raises Invalid for what is no manifest, and for a newer program's."""
    try:
        stated = msgspec.json.decode(data, type=dict[str, Any])
        if int(stated.get("format", 0)) > FORMAT:
            raise Invalid("backup.newer", path=name, version=str(stated.get("program", "?"))[:40])
        return msgspec.convert(stated, Manifest)
    except (msgspec.MsgspecError, ValueError, TypeError) as error:
        raise Invalid("backup.broken", path=name, cause=str(error)[:200]) from None
