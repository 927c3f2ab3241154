"""Sealing to a recovery key and opening again: age (X25519, ChaCha20-Poly1305), by the library pyrage."""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from pyrage import DecryptError, EncryptError, decrypt_io, encrypt_io, x25519

from broadcaster.backups.files.manifest import FileDigest
from broadcaster.backups.limits import BackupLimits, Measured
from broadcaster.errors import Invalid, Unavailable

HEAD = b"age-encryption.org/v1"


def is_sealed(path: Path) -> bool:
    """Whether the file begins as age's do. Raises Invalid when it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(len(HEAD)) == HEAD
    except FileNotFoundError:
        raise Invalid("backup.not_found", path=path) from None
    except OSError as error:
        raise Invalid("backup.broken", path=path, cause=error.strerror) from None


def seal(source: Path, path: Path, recipients: Sequence[str], limits: BackupLimits) -> FileDigest:
    """Seal one file into another; the digest of what was written. Raises Unavailable, and what ``limits`` raise."""
    keys = [x25519.Recipient.from_str(each) for each in recipients]
    try:
        with source.open("rb") as plain, path.open("wb") as file:
            reader, writer = Measured(plain, limits), Measured(file, limits)
            encrypt_io(reader, writer, keys)
    except (EncryptError, OSError) as error:
        limits.check()
        raise Unavailable("backup.not_written", path=path, cause=_cause(error)) from None
    return FileDigest(writer.sha256, writer.size)


def unseal(file: BinaryIO, path: Path, identity: x25519.Identity, name: str) -> FileDigest:
    """Open what was sealed, into ``path``; its digest.

    Raises Invalid for another key, for what is cut or changed, Unavailable when ``path`` cannot be written.
    """
    try:
        with path.open("wb") as plain:
            writer = _Writer(plain)
            decrypt_io(Measured(file), writer, [identity])
    except DecryptError as error:
        if "No matching keys" in str(error):
            raise Invalid("backup.wrong_key", field="key", path=name) from None
        raise Invalid("backup.broken", path=name, cause=error) from None
    except OSError as error:
        if writer.refused is not None:
            raise Unavailable("backup.not_written", path=path, cause=writer.refused.strerror) from None
        raise Invalid("backup.broken", path=name, cause=error) from None
    return FileDigest(writer.sha256, writer.size)


class _Writer(Measured):
    """Remembers what the disk said: the library makes one error of it and of a wrong seal."""

    refused: OSError | None = None

    def write(self, data: bytes) -> int:
        try:
            return super().write(data)
        except OSError as error:
            self.refused = error
            raise


def _cause(error: Exception) -> str:
    return (isinstance(error, OSError) and error.strerror) or str(error)
