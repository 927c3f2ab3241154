"""How backups are called: ``loa-{station}-{UTC}-{code of the key}.loa``."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

_NAME = re.compile(r"loa-([a-z0-9-]+)-(\d{8}T\d{6})Z-([a-z2-7]{8})\.loa")
STOCK = "stock"
"""Folder of what never changes, stored once for all backups."""


@dataclass(frozen=True, slots=True)
class BackupName:
    """station: whose; made_at: when, to the second; code: of the recovery key that opens it."""

    station: str
    made_at: datetime
    code: str

    @property
    def file(self) -> str:
        return f"loa-{self.station}-{self.made_at.astimezone(UTC):%Y%m%dT%H%M%S}Z-{self.code}.loa"

    @property
    def stock(self) -> str:
        """Folder beside it with what it does not hold itself."""
        return stock_folder(self.code)


def stock_folder(code: str) -> str:
    return f"{STOCK}/{code}"


def parse(file: str) -> BackupName | None:
    """None for a file that is no backup of ours."""
    found = _NAME.fullmatch(file)
    if found is None:
        return None
    try:
        at = datetime.strptime(found[2], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return BackupName(found[1], at, found[3])
