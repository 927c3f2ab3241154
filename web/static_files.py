"""Addresses of what stands beside the pages: styles, scripts, pictures."""

import hashlib
from functools import cache
from pathlib import Path

from flask import url_for

FOLDER = Path(__file__).parent / "static"


def static_url(name: str) -> str:
    """An address that changes with the file, so that browsers may keep it for a year."""
    return url_for("static", filename=name, v=_fingerprint(name))


@cache
def _fingerprint(name: str) -> str:
    return hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:10]
