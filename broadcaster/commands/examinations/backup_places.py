"""The last good backup, the key it is sealed to, and whether every place can be reached now."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from broadcaster.backups import nightly, recovery_key, restoring
from broadcaster.backups.files import names
from broadcaster.backups.places.place import opened, require_known, shown
from broadcaster.config import Config
from broadcaster.errors import LoaError
from broadcaster.refusals.reasons import Reason
from broadcaster.station.rows.backup_states import BackupState, PlaceState
from broadcaster.station.upkeep.examination import ExaminationFinding, Grade


def look_at_backups(config: Config, state: BackupState | None, *, now_at: datetime) -> Iterator[ExaminationFinding]:
    """``state``: None where the station never looked after them, or its database cannot be read."""
    if not config.backup.places:
        yield ExaminationFinding(Grade.LOOK, Reason("doctor.backup_none"))
        return
    try:
        if recovery_key.in_force(config.data_dir) is None:
            yield ExaminationFinding(Grade.BAD, Reason("backup.no_recovery_key"))
    except LoaError as error:
        yield ExaminationFinding(Grade.BAD, error.reason)
    if state is not None and state.fault is not None and state.fault.code != "backup.no_recovery_key":
        yield ExaminationFinding(Grade.BAD, state.fault)
    known = {each.place: each for each in state.places} if state else {}
    for address in config.backup.places:
        place = shown(address)
        yield from _place(config, address, known.get(place, PlaceState(place)))
    if state is not None and state.is_old(now_at):
        yield ExaminationFinding(Grade.BAD, Reason("doctor.backup_old"))


def _place(config: Config, address: str, state: PlaceState) -> Iterator[ExaminationFinding]:
    try:
        with opened(address, nightly.access_of(config)) as place:
            require_known(place, new=state.good_at is None)
            newest = restoring.newest(place, station=config.station.id)
            there = [each for each in map(names.parse, place.sizes("")) if each and each.station == config.station.id]
    except LoaError as error:
        yield ExaminationFinding(Grade.BAD, error.reason)
        return
    if state.fault is not None:
        yield ExaminationFinding(Grade.BAD, state.fault)
    else:
        facts = {"place": state.place, "file": newest, "copies": len(there)}
        yield ExaminationFinding(Grade.GOOD, Reason("doctor.backup_good", **facts))
    if "://" not in address and _same_disk(Path(address), config.data_dir):
        yield ExaminationFinding(Grade.LOOK, Reason("doctor.backup_same_disk", place=state.place))


def _same_disk(one: Path, other: Path) -> bool:
    """With this disk both would be lost."""
    try:
        return os.stat(one).st_dev == os.stat(other).st_dev  # noqa: PTH116 - the device is all that is asked
    except OSError:
        return False
