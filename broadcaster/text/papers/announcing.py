"""The announcement that a paper becomes: its spoken lines, broken lines joined again, rows as sentences."""

import re
from collections.abc import Collection, Iterable, Sequence

from broadcaster.text.papers.looks import Look
from broadcaster.text.papers.values import Paper, PaperLine

_LONGEST_HEADING = 60


def announcement(paper: Paper, *, bring_back: Collection[int] = (), leave_out: Collection[int] = ()) -> str:
    """The text of the announcement, a paragraph a line.

    ``bring_back`` and ``leave_out`` are line numbers that a person has switched by hand; they win over the roles.
    """
    kept = [line for line in paper.lines if _is_kept(line, bring_back, leave_out) or line.role == "blank"]
    paragraphs: list[str] = []
    last: PaperLine | None = None
    for line in kept:
        if line.role == "blank":
            last = None
            continue
        if last is not None and goes_on(last, line):
            paragraphs[-1] += " " + line.said
        else:
            paragraphs.append(line.said)
        last = line
    return "\n".join(paragraphs)


def _is_kept(line: PaperLine, bring_back: Collection[int], leave_out: Collection[int]) -> bool:
    return line.line in bring_back or (line.spoken and line.line not in leave_out)


def goes_on(last: PaperLine, line: PaperLine) -> bool:
    """Whether a page or a column broke one sentence into these two lines."""
    if last.role != line.role or line.role == "table":
        return False
    above, below = Look(last.text), Look(line.text)
    if above.ended and not above.plain.endswith(",") or below.bullet:
        return False
    if below.plain[:1].islower():
        return True
    if re.search(r"\d$", above.plain) and re.match(r"\d", below.plain) and not re.match(r"\d+[./)]\s", below.plain):
        return True
    return last.role == "subject" or (above.capitals and below.capitals and line.role == "kind")


def spoken_lines(lines: Iterable[PaperLine]) -> Sequence[PaperLine]:
    """The lines a loudspeaker says."""
    return [line for line in lines if line.spoken]
