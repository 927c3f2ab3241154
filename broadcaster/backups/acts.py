"""What an administrator sees of the backups and does about them; each act is in the audit trail."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from broadcaster.backups import recovery_key
from broadcaster.backups.places import ssh_key
from broadcaster.backups.places.place import shown
from broadcaster.backups.recovery_key import PrintedKey, RecoveryKey
from broadcaster.config import Config
from broadcaster.errors import Conflict
from broadcaster.station.audit import entries as audit
from broadcaster.station.people.roles import require
from broadcaster.station.rows import backup_states
from broadcaster.station.rows.backup_states import BackupState
from broadcaster.station.schema import Person

SUBJECT = "backup:station"


@dataclass(frozen=True, slots=True)
class BackupOverview:
    """state: None before the station looked after backups; places: configured, without passwords.

    key: in force; waiting: printed and not confirmed; ssh_key: for ``authorized_keys``, None where no place needs it.
    asked: somebody wants one, and it has not been tried yet.
    """

    state: BackupState | None
    places: tuple[str, ...]
    key: RecoveryKey | None
    waiting: RecoveryKey | None
    ssh_key: str | None
    asked: bool


def overview(s: Session, config: Config, *, by: Person) -> BackupOverview:
    """Raises NotAllowed, and LoaError for a damaged file of ours."""
    require(s, by, "manage_people", None)
    state, asked_at = backup_states.read(s), backup_states.asked_at(s)
    tried_at = state.tried_at if state else None
    places = config.backup.places
    return BackupOverview(
        state=state,
        places=tuple(shown(each) for each in places),
        key=recovery_key.in_force(config.data_dir),
        waiting=recovery_key.pending(config.data_dir),
        ssh_key=ssh_key.public_key(config.data_dir) if any(each.startswith("sftp:") for each in places) else None,
        asked=asked_at is not None and (tried_at is None or asked_at > tried_at),
    )


def ask(s: Session, config: Config, *, by: Person, now_at: datetime) -> None:
    """One now, made by the station within a minute. Raises NotAllowed, Conflict."""
    require(s, by, "manage_people", None)
    if not config.backup.places:
        raise Conflict("backup.no_places")
    if recovery_key.in_force(config.data_dir) is None:
        raise Conflict("backup.no_recovery_key")
    backup_states.ask(s, now_at=now_at)
    audit.record(s, by=by, action="backup.asked", subject=SUBJECT, now_at=now_at)


def print_key(s: Session, config: Config, *, by: Person, now_at: datetime) -> PrintedKey:
    """A new key, shown this once. Raises NotAllowed."""
    require(s, by, "manage_people", None)
    printed = recovery_key.new(config.data_dir)
    details = {"code": printed.key.code}
    audit.record(s, by=by, action="backup.key_printed", subject=SUBJECT, details=details, now_at=now_at)
    return printed


def confirm_key(s: Session, config: Config, *, code: str, by: Person, now_at: datetime) -> None:
    """The paper says this code: its key is in force. Raises NotAllowed, Invalid, Conflict."""
    require(s, by, "manage_people", None)
    key = recovery_key.confirm(config.data_dir, code)
    details = {"code": key.code}
    audit.record(s, by=by, action="backup.key_confirmed", subject=SUBJECT, details=details, now_at=now_at)
