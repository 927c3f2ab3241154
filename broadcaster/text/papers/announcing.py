"""The announcement that a paper becomes: its spoken lines, broken lines joined again, rows as sentences."""

from collections.abc import Collection

from broadcaster.text.papers.line_features import LineFeatures
from broadcaster.text.papers.values import Paper, PaperLine
from broadcaster.text.pastes import joining_of


def announcement(paper: Paper, *, bring_back: Collection[int] = (), leave_out: Collection[int] = ()) -> str:
    """The text of the announcement, a paragraph a line.

    ``bring_back`` and ``leave_out`` are line numbers that a person has switched by hand; they win over the roles.
    """
    spoken = [line for line in paper.lines if _is_spoken(line, bring_back, leave_out) or line.role == "blank"]
    paragraphs: list[str] = []
    last: PaperLine | None = None
    for line in spoken:
        if line.role == "blank":
            last = None
            continue
        joining = _joining(last, line) if last is not None else None
        if joining is None:
            paragraphs.append(line.said)
        else:
            cut, sign = joining
            paragraphs[-1] = paragraphs[-1][: len(paragraphs[-1]) - cut] + sign + line.said
        last = line
    return "\n".join(paragraphs)


def _is_spoken(line: PaperLine, bring_back: Collection[int], leave_out: Collection[int]) -> bool:
    return line.line in bring_back or (line.spoken and line.line not in leave_out)


def _joining(last: PaperLine, line: PaperLine) -> tuple[int, str] | None:
    """What joins two lines that a page or a column broke apart; None when they are two."""
    if line.role == "table" or (last.role != line.role and {last.role, line.role} != {"body", "closing"}):
        return None
    if line.role in ("kind", "subject") and not LineFeatures(last.text).ended:
        return 0, " "
    return joining_of(last.said, line.said)
