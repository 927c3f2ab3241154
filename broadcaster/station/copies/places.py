"""Where this copy of the station lives: what a copied folder, disk or dump does not bring along."""

import hashlib
import json
import logging
import os
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

log = logging.getLogger(__name__)

FILE = "issuer.json"
"""In the data folder; no backup holds it, and without it, or when it is damaged, this copy begins anew."""
_MACHINE_ID = Path("/etc/machine-id")
_NETWORK = Path("/sys/class/net")


@dataclass(frozen=True, slots=True)
class IssuerFile:
    """issuer: name of this copy; place: where it was given, see ``place_of``; term: the highest it ever signed with."""

    issuer: str
    place: str
    term: int


def place_of(data_dir: Path) -> str:
    """Machine and folder: a copied folder has another inode, a copied disk stands in a machine with other network
    cards."""
    about = data_dir.stat()
    machine = _MACHINE_ID.read_text().strip() if _MACHINE_ID.is_file() else ""
    return _hash(machine, *sorted(_cards()), str(about.st_dev), str(about.st_ino))


def database_of(s: Session, place: str) -> str:
    """Which database this is; a SQLite file is the one of its folder, a restored dump another database."""
    if s.get_bind().dialect.name == "sqlite":
        return place
    number = s.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
    return _hash(_system(s), str(number))


def read(data_dir: Path) -> IssuerFile | None:
    """What stands there; None for nothing of use, which is set aside."""
    path = data_dir / FILE
    try:
        found = IssuerFile(**json.loads(path.read_bytes()))
        if all(isinstance(each, kind) for each, kind in zip(asdict(found).values(), (str, str, int), strict=True)):
            return found
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError):
        pass
    log.warning("%s cannot be read; it is set aside and made anew", path)
    with suppress(OSError):
        path.replace(path.with_name(f"{FILE}.broken"))
    return None


def write(data_dir: Path, content: IssuerFile) -> None:
    """Beside, on the disk, in place. Raises OSError."""
    path = data_dir / FILE
    beside = path.with_name(f"{FILE}.{secrets.token_hex(4)}")
    with open(beside, "w", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        json.dump(asdict(content), file)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _cards() -> list[str]:
    """Addresses of the network cards that are hardware."""
    found = []
    for card in _NETWORK.glob("*"):
        with suppress(OSError):
            if (card / "device").exists():
                found.append((card / "address").read_text().strip())
    return found


def _system(s: Session) -> str:
    """Of the database's cluster; empty where it does not say."""
    try:
        with s.begin_nested():
            return str(s.scalar(text("SELECT system_identifier FROM pg_control_system()")))
    except SQLAlchemyError:
        return ""


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
