"""What a warning says, as values; the words for degrees are those of CAP 1.2."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class PaperWarning:
    """A warning of the weather service.

    hazards: names of ``data/hazards.tsv``, the one that counts first.
    event: the same from one warning to the next about it: ``storm 9``, ``flash_flood``.
    title: the heading as written.
    degree: of the risk of a disaster, 1 to 5; None where it is not said.
    severity, urgency, certainty: words of CAP 1.2.
    exercise: it is a drill.
    final: it says that the danger is over.
    issued_on: the day of the warning; None where it is not said.
    issued_at: local time of the warning, without a zone; None where the day or the hour is not said.
    expires_at: local time, without a zone, at which it is no longer news; None where nothing tells it.
    """

    hazards: tuple[str, ...]
    event: str
    title: str
    degree: int | None
    severity: str
    urgency: str
    certainty: str
    exercise: bool
    final: bool
    issued_on: date | None
    issued_at: datetime | None
    expires_at: datetime | None
