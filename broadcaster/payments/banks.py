"""Banks that take transfers by VietQR, by the number (BIN) their accounts are reached under.

``data/banks.tsv`` was compiled from the public list at vietqr.io (``/v2/banks``), as carried by several open-source
libraries and compared between them; the bank most communes keep their accounts at comes first.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data" / "banks.tsv"


@dataclass(frozen=True, slots=True)
class Bank:
    """bin: six digits; short: as people call it; name: in full."""

    bin: str
    short: str
    name: str


@cache
def banks() -> dict[str, Bank]:
    """Every bank by its number, in the order they are offered."""
    rows = (line.split("\t") for line in _DATA.read_text(encoding="utf-8").splitlines()[1:])
    return {number: Bank(number, short, name) for number, short, name in rows}
