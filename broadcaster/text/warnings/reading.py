"""Whether a paper is a warning of the weather service, and what it says. Two signs make one, a single one seldom."""

import re
from datetime import date

from broadcaster.text.papers import Paper, announcement
from broadcaster.text.papers.folding import fold
from broadcaster.text.warnings import hours
from broadcaster.text.warnings.knowledge import Hazard, any_of, hazards_in, holds, opens, severities
from broadcaster.text.warnings.values import PaperWarning

_STORM_NUMBER = re.compile(r"\bbao so (\d{1,2})\b")
_RISK = re.compile(rf"\b(?:{any_of('risk')})\b(?P<said>[^\n]{{0,240}})")
_DEGREE = re.compile(
    rf"(?<!\w)(?P<before>(?:{any_of('no degree')}) )?cap(?: do)? (?P<degree>[1-5]|i{{1,3}}|iv|v)(?![\w.,]\d|\w)"
    r"(?: ?(?:-|den|va) ?(?:cap )?(?P<up_to>[1-5])(?!\w))?"
)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}
_LONGEST_HEADING_LINES = 4


def warning_in(paper: Paper, *, today: date | None = None) -> PaperWarning | None:
    """What the paper warns of; None for any other paper.

    ``today`` gives the year, or the day, where the warning says none.
    """
    heading = _heading(paper)
    hazards = hazards_in(heading)
    text = announcement(paper)
    degree = _degree(text)
    if not hazards or not _is_warning(paper, heading, text, degree=degree):
        return None
    issued_on = paper.fields.issued_on or hours.issued_on(text, today=today)
    issued_at = hours.issued_at(paper, text, issued_on=issued_on or today)
    return PaperWarning(
        hazards=tuple(each.name for each in hazards),
        event=_event(hazards[0], heading + "\n" + text),
        title=heading,
        degree=degree,
        severity=severities()[degree] if degree else hazards[0].severity,
        urgency="Immediate" if holds(heading, "urgent") else hazards[0].urgency,
        certainty="Possible" if opens(heading, "forecast") else "Likely",
        exercise=holds(heading, "exercise"),
        final=holds(heading, "final") or holds(text, "final sentence"),
        issued_on=issued_on,
        issued_at=issued_at,
        expires_at=hours.expires_at(text, issued_at=issued_at),
    )


def _heading(paper: Paper) -> str:
    """The lines of kind and subject; of a paper that has none, its first line that is said."""
    named: list[str] = []
    for line in paper.lines:
        if line.role in ("kind", "subject") and len(named) < _LONGEST_HEADING_LINES:
            named.append(line.said.strip())
        elif named and line.role != "blank":
            break
    if named:
        return " ".join(named)
    return next((line.said.strip() for line in paper.lines if line.spoken and line.role != "blank"), "")[:300]


def _is_warning(paper: Paper, heading: str, text: str, *, degree: int | None) -> bool:
    """A heading of warnings, and a second sign where other papers begin like it."""
    signs = (
        degree is not None,
        holds(paper.fields.issuer, "weather service"),
        any(holds(line.text, "weather service") for line in paper.lines if line.role in ("header", "number")),
        hours.names_its_hour(paper, text),
        holds(heading, "urgent"),
    )
    return (opens(heading, "heading") and (any(signs) or heading.partition(":")[0].isupper())) or (
        opens(heading, "weak heading") and any(signs)
    )


def _degree(text: str) -> int | None:
    """The highest degree of risk that the warning gives to any place.

    The force of wind or waves is none, but for the first degree behind the words: "rủi ro thiên tai do gió mạnh cấp 2".
    """
    found: list[str] = []
    for said in (fold(line) for line in text.splitlines()):
        for risk in _RISK.finditer(said):
            for count, each in enumerate(_DEGREE.finditer(risk["said"])):
                if count == 0 or not each["before"]:
                    found += filter(None, (each["degree"], each["up_to"]))
    return max((_ROMAN.get(each) or int(each) for each in found), default=None)


def _event(hazard: Hazard, text: str) -> str:
    number = _STORM_NUMBER.search(fold(text))
    return f"storm {number[1]}" if number and hazard.name in ("storm", "depression") else hazard.name
