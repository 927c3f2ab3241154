"""The papers of ``tests/data/papers``: text and, for each line, whether it must, must not or may be said."""

import json
from dataclasses import dataclass
from pathlib import Path

_DATA = Path(__file__).parents[3] / "data" / "papers"


@dataclass(frozen=True)
class Marked:
    """One paper with the judgement of a person."""

    name: str
    text: str
    signs: str
    """A sign a line: "+" must be said, "-" must not, "~" either."""


def marked_papers() -> list[Marked]:
    """Our own papers, then those that were given to us."""
    own = [_own(path) for path in sorted(_DATA.glob("*.paper"))]
    given = [json.loads(line) for line in (_DATA / "shared.jsonl").read_text("utf-8").splitlines()]
    return own + [
        Marked(paper["id"], paper["text"], "".join(_sign(line) for line in paper["lines"])) for paper in given
    ]


def own_text(name: str) -> str:
    """The text of one of our own papers."""
    return next(paper.text for paper in marked_papers() if paper.name.startswith(name))


def _own(path: Path) -> Marked:
    rows = [row for row in path.read_text("utf-8").rstrip("\n").split("\n") if not row.startswith("%")]
    text = "\n".join(row[2:].replace("\\t", "\t").replace("\\f", "\f") for row in rows)
    return Marked(path.stem, text, "".join(row[:1] or "~" for row in rows))


def _sign(line: dict[str, object]) -> str:
    if line.get("either") or line["role"] == "blank":
        return "~"
    return "+" if line["spoken"] else "-"
