"""Sort the lines of a paper: furniture needs signs of its own; whatever is not known to be furniture is said."""

from broadcaster.text.papers import head, inside, opening, tables, tail
from broadcaster.text.papers.knowledge import shape_of
from broadcaster.text.papers.sheet import RoleSheet
from broadcaster.text.papers.values import PaperLine

_SPOKEN = frozenset(("kind", "subject", "addressee", "body", "table", "closing"))


def sort_lines(text: str) -> tuple[PaperLine, ...]:
    """The lines of ``text`` (cut at line feeds), each with its role."""
    sheet = RoleSheet.of(text.replace("\r\n", "\n").replace("\r", "\n"))
    inside.find_chat(sheet)
    inside.find_marks(sheet)
    head.find_heads(sheet)
    tail.find_tails(sheet)
    said = tables.find_tables(sheet)
    opening.find_opening(sheet)
    inside.find_page_numbers(sheet)
    inside.find_feet(sheet)
    inside.find_ornaments(sheet)
    _name_the_rest(sheet)
    return tuple(_line(sheet, at, said.get(at)) for at in range(len(sheet.lines)))


def _name_the_rest(sheet: RoleSheet) -> None:
    for at in list(sheet.open_lines()):
        features = sheet.lines[at]
        if shape_of(features.folded, "unspoken"):
            sheet.silent.add(at)
            sheet.give(at, "closing")
        following = sheet.after(at)
        ends = following >= len(sheet.lines) or sheet.roles[following] in ("signature", "recipients", "place_date")
        sheet.give(at, "closing" if ends and tail.is_closing(features) else "body")


def _line(sheet: RoleSheet, at: int, said: str | None) -> PaperLine:
    features, role = sheet.lines[at], sheet.roles[at]
    spoken = role in _SPOKEN and at not in sheet.silent
    return PaperLine(at + 1, features.raw, role, spoken, said or " ".join(features.plain.replace("|", " ").split()))
