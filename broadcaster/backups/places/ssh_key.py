"""The station's own key at other machines, and which key each of them has."""

import json
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from broadcaster.backups.recovery_key import FOLDER
from broadcaster.errors import Unavailable
from broadcaster.private_files import write_private

KNOWN_HOSTS = "known-hosts.json"
KEY = "sftp-key"


def key_file(data_dir: Path) -> Path:
    """OpenSSH's format; made at the first use."""
    path = data_dir.absolute() / FOLDER / KEY
    if not path.exists():
        made = ed25519.Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
        )
        write_private(path, made.decode())
    return path


def public_key(data_dir: Path) -> str:
    """One line for ``authorized_keys`` on the other machine. Raises Unavailable for a damaged file."""
    path = key_file(data_dir)
    try:
        key = serialization.load_ssh_private_key(path.read_bytes(), None)
    except ValueError:
        raise Unavailable("backup.ssh_key_broken", path=path) from None
    encoded = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    return f"{encoded.decode()} loa"


def known_hosts(data_dir: Path) -> dict[str, str]:
    """Fingerprints by ``host:port``. Raises Unavailable for a damaged file."""
    path = data_dir.absolute() / FOLDER / KNOWN_HOSTS
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {str(host): str(mark) for host, mark in found.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, AttributeError):
        raise Unavailable("backup.known_hosts_broken", path=path) from None


def remember_host(data_dir: Path, host: str, fingerprint: str) -> None:
    """From now on this machine has this key."""
    known = known_hosts(data_dir) | {host: fingerprint}
    write_private(data_dir.absolute() / FOLDER / KNOWN_HOSTS, json.dumps(known, indent=1))


def forget_hosts(data_dir: Path) -> None:
    """The next key a machine shows is its new one."""
    (data_dir.absolute() / FOLDER / KNOWN_HOSTS).unlink(missing_ok=True)
