"""A whole station in one file, wherever somebody wants it."""

from datetime import datetime
from pathlib import Path

from broadcaster.backups.files import contents
from broadcaster.backups.files.manifest import Manifest
from broadcaster.backups.limits import BackupLimits
from broadcaster.backups.making import make, work_folder
from broadcaster.backups.places.folder import Folder
from broadcaster.backups.places.place import store
from broadcaster.backups.recovery_key import RecoveryKey
from broadcaster.backups.stock import look_over
from broadcaster.config import Config
from broadcaster.errors import Conflict


def backup(config: Config, path: Path, *, key: RecoveryKey | None, force: bool, now_at: datetime) -> Manifest:
    """Write the station with all its sound into ``path``; what is in it. None as key leaves it unsealed.

    Raises Conflict when the file is there already and ``force`` is False; whatever fails leaves that file as it was.
    """
    if path.exists() and not force:
        raise Conflict("backup.exists", path=path)
    limits = BackupLimits()
    items = contents.apart(config)
    digests = look_over(items, limits)
    readable = [item for item in items if item.name in digests.apart]
    with work_folder(config) as work:
        made = make(
            config, work, key=key, apart={}, damaged=digests.damaged, whole=readable, now_at=now_at, limits=limits
        )
        store(Folder(path.absolute().parent), path.name, made.path, made.content, limits)
    return made.manifest
