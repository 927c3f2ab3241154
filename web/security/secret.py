"""The key that signs cookies: made at the first start, kept in a file only its owner can read."""

import os
import secrets
from pathlib import Path


def load_or_create(data_dir: Path) -> str:
    """The key, 64 hex digits. Two processes that start at once agree on one."""
    path = data_dir / "web-secret"
    data_dir.mkdir(parents=True, exist_ok=True)
    beside = data_dir / f".web-secret-{os.getpid()}-{secrets.token_hex(4)}"
    if not path.exists():
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(beside, path)
        except FileExistsError:
            pass
        finally:
            beside.unlink()
    return path.read_text(encoding="ascii").strip()
