"""One thing that is the matter, as it is seen."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

RECENT = timedelta(hours=24)
"""What went wrong longer ago is history, not a matter."""


@dataclass(frozen=True, slots=True)
class MatterFinding:
    """kind, subject, details: as in ``schema.Matter``; sure: enough to begin one, else only to keep one going."""

    kind: str
    subject: str
    details: dict[str, Any] = field(default_factory=dict)
    sure: bool = True

    @property
    def key(self) -> str:
        return f"{self.kind} {self.subject}"
