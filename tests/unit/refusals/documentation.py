"""``docs/refusals.md``, made of the tables: ``python -m tests.unit.refusals.documentation`` writes it anew."""

from pathlib import Path

from broadcaster.refusals.sentences import table

PATH = Path(__file__).parents[3] / "docs" / "refusals.md"
HEAD = """# Refusals

Whatever is refused, or needs a reason, is a code with facts. Programs compare codes; logs show codes and facts; people
read sentences, which stand in `broadcaster/refusals/vi.tsv` and `en.tsv` and are made where they are shown: on a page
in the language chosen there, by the API in Vietnamese, or in English for who sends `Accept-Language: en`, at the
terminal in Vietnamese. A failure of the API is `{"code", "field", "message"}`; `field` names the input it belongs to,
or is null.

A new refusal: `raise Conflict("node.revoked", node=node.name)`, one line in each table, and
`python -m tests.unit.refusals.documentation` for this page. Tests hold the three together.

| code | Vietnamese | English |
|---|---|---|
"""


def text() -> str:
    """The page as it has to be."""
    english = table("en")
    return HEAD + "".join(
        f"| `{code}` | {_cell(said)} | {_cell(english[code])} |\n" for code, said in table("vi").items()
    )


def _cell(sentence: str) -> str:
    return sentence.replace("|", "\\|")


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
