"""Who may set up a new station: whoever can read a file on its machine, for nobody has a login yet."""

import hmac
import secrets
from pathlib import Path

from broadcaster.private_files import write_private

FILE = "setup-code"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def path(data_dir: Path) -> Path:
    """Where the code stands, made when somebody first asks for the page."""
    found = data_dir.absolute() / FILE
    if not found.exists():
        write_private(found, "".join(secrets.choice(_LETTERS) for _ in range(10)) + "\n")
    return found


def matches(data_dir: Path, typed: str) -> bool:
    """Whether this is the code."""
    known = path(data_dir).read_text(encoding="ascii").strip()
    return hmac.compare_digest(known.encode(), typed.strip().lower().encode())


def forget(data_dir: Path) -> None:
    """The station is set up."""
    (data_dir.absolute() / FILE).unlink(missing_ok=True)
