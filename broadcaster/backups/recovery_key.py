"""The key a backup is opened with. It is on paper only: the station keeps its public half.

An age identity (X25519, https://age-encryption.org/v1), so the program ``age`` opens a backup where ours is missing.
"""

import base64
import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

from pyrage import IdentityError, RecipientError, x25519

from broadcaster.errors import Conflict, Invalid
from broadcaster.private_files import write_private

FOLDER = "backup"
_IN_FORCE, _PENDING = "recovery.pub", "recovery-new.pub"
_SECRET = re.compile(r"AGE-SECRET-KEY-1[0-9A-Z]+")


@dataclass(frozen=True, slots=True)
class RecoveryKey:
    """recipient: the public half, ``age1…``."""

    recipient: str

    @property
    def code(self) -> str:
        """What is on the paper too, and in the name of every backup it opens: eight letters and digits."""
        found = base64.b32encode(hashlib.blake2b(self.recipient.encode(), digest_size=5, person=b"loa-backup").digest())
        return found.decode().lower()


@dataclass(frozen=True, slots=True)
class PrintedKey:
    """key: its public half; secret: what is printed, once."""

    key: RecoveryKey
    secret: str = field(repr=False)


def new(data_dir: Path) -> PrintedKey:
    """A key that waits until somebody says what its paper says; an earlier one stays in force until then."""
    identity = x25519.Identity.generate()
    key = RecoveryKey(str(identity.to_public()))
    write_private(_folder(data_dir) / _PENDING, key.recipient + "\n")
    return PrintedKey(key, str(identity))


def confirm(data_dir: Path, code: str) -> RecoveryKey:
    """The paper is in somebody's hands: from now on backups are sealed to its key. Raises Invalid, Conflict."""
    key = pending(data_dir)
    if key is None:
        raise Conflict("backup.no_key_waiting")
    if re.sub(r"[^a-z0-9]", "", code.lower()) != key.code:
        raise Invalid("backup.code_wrong", field="code")
    (_folder(data_dir) / _PENDING).replace(_folder(data_dir) / _IN_FORCE)
    return key


def in_force(data_dir: Path) -> RecoveryKey | None:
    """What backups are sealed to; None before anybody printed a key. Raises Invalid for a damaged file."""
    return _read(_folder(data_dir) / _IN_FORCE)


def pending(data_dir: Path) -> RecoveryKey | None:
    """Printed, not confirmed."""
    return _read(_folder(data_dir) / _PENDING)


def typed(text: str) -> x25519.Identity:
    """The secret half as somebody typed, scanned or pasted it. Raises Invalid."""
    found = _SECRET.search(re.sub(r"[^0-9A-Z-]", "", text.upper()))
    if found is None:
        raise Invalid("backup.key_not_recognised", field="key")
    try:
        return x25519.Identity.from_str(found[0])
    except IdentityError:
        raise Invalid("backup.key_mistyped", field="key") from None


def _folder(data_dir: Path) -> Path:
    return data_dir.absolute() / FOLDER


def _read(path: Path) -> RecoveryKey | None:
    try:
        recipient = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    except (UnicodeDecodeError, OSError):
        recipient = ""
    try:
        x25519.Recipient.from_str(recipient)
    except RecipientError:
        raise Invalid("backup.key_file_broken", path=path) from None
    return RecoveryKey(recipient)
