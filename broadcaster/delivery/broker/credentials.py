"""Accounts at a broker of ours. Passwords are kept as Mosquitto keeps them, see ``station.node_credentials``."""

from dataclasses import dataclass, field
from pathlib import Path

from broadcaster.private_files import write_private
from broadcaster.station.nodes.credentials import random_password


@dataclass(frozen=True, kw_only=True)
class Credential:
    """One account.

    username: a node's id, or the station's name.
    password_hash: ``$7$…``.
    password_sha256: as RabbitMQ keeps it; None for a password of before.
    """

    username: str
    password_hash: str = field(repr=False)
    password_sha256: str | None = field(default=None, repr=False)


def load_or_create_password(path: Path) -> str:
    """The station's own password, made at the first start and readable by its owner only."""
    if not path.exists():
        write_private(path, random_password() + "\n")
    return path.read_text(encoding="ascii").strip()
