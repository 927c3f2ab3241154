"""What is known beside a backup that is older: from later backups at the same place, and from what it replaces."""

from collections.abc import Sequence
from pathlib import Path

from pyrage import x25519

from broadcaster.backups import trial
from broadcaster.backups.files import databases, names
from broadcaster.backups.files.contents import DATABASE, DUMP
from broadcaster.backups.files.manifest import Manifest
from broadcaster.backups.places.place import Place
from broadcaster.errors import LoaError
from broadcaster.station.database.copies.shut_out import ShutOut

COUNTED = ("announcements", "broadcasts", "slots", "people", "nodes", "units")
"""Tables whose rows a person would miss."""


def shut_out(place: Place, name: str, work: Path, identity: x25519.Identity | None) -> Sequence[ShutOut]:
    """Whom the newest backup of the same station there lets in no more; nobody when it is no newer, or cannot be read.
    ``work``: a folder of ours."""
    backup = names.parse(name)
    if backup is None:
        return ()
    copy = work / "later"
    try:
        known = [each for each in map(names.parse, place.sizes("")) if each and each.station == backup.station]
        newest = max(known, key=lambda each: each.made_at, default=backup)
        if newest.made_at <= backup.made_at:
            return ()
        with place.read(newest.file) as file, copy.open("wb") as written:
            while chunk := file.read(1 << 18):
                written.write(chunk)
        manifest = trial.manifest(copy, identity=identity, name=newest.file)
    except (LoaError, OSError):
        return ()
    finally:
        copy.unlink(missing_ok=True)
    return manifest.shut_out if manifest else ()


def forgotten(aside: Path, manifest: Manifest | None) -> dict[str, int]:
    """Rows by table of the database put ``aside`` that the backup lacks; empty when there is none, or none readable."""
    found = next((aside / name for name in (DATABASE, DUMP) if (aside / name).is_file()), None)
    if found is None or manifest is None:
        return {}
    try:
        counts = databases.facts(found).counts
    except LoaError:
        return {}
    lacking = {table: counts.get(table, 0) - manifest.counts.get(table, 0) for table in COUNTED}
    return {table: number for table, number in lacking.items() if number > 0}
