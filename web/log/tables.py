"""Tables to take home: as CSV, and as a workbook. No cell is ever a formula, whatever somebody typed."""

import csv
import io
from collections.abc import Iterable, Sequence

MARK = "\ufeff"
"""At the start of a CSV it tells spreadsheets that this is UTF-8."""
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")

Cell = str | int | float
Row = Sequence[Cell]


def harmless(text: str) -> str:
    """A cell that a spreadsheet will not run as a formula."""
    return f"'{text}" if text.lstrip(" \u00a0").startswith(DANGEROUS) or text.startswith(DANGEROUS) else text


def csv_line(cells: Row) -> str:
    """One line. Numbers stay numbers; words are made harmless by whoever knows that somebody typed them."""
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue()


def csv_table(rows: Iterable[Row]) -> str:
    """A whole table whose words are all harmless."""
    lines = (csv_line([harmless(cell) if isinstance(cell, str) else cell for cell in row]) for row in rows)
    return MARK + "".join(lines)


def workbook(sheets: Sequence[tuple[str, Sequence[Row]]]) -> bytes:
    """An XLSX file: a sheet for each table, the first row its heading; words stay words even with “=” before them."""
    import xlsxwriter  # for a workbook a month: the console starts without it

    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    heading = book.add_format({"bold": True, "bottom": 1})
    for name, rows in sheets:
        sheet = book.add_worksheet(name[:31])
        sheet.freeze_panes(1, 0)
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                form = heading if at == 0 else None
                if isinstance(cell, str):
                    sheet.write_string(at, column, cell, form)
                else:
                    sheet.write_number(at, column, cell, form)
        for column, width in enumerate(_widths(rows)):
            sheet.set_column(column, column, width)
    book.close()
    return made.getvalue()


def _widths(rows: Sequence[Row]) -> list[int]:
    """As wide as the longest cell, within reason."""
    return [min(60, max(8, *(len(str(cell)) + 2 for cell in column))) for column in zip(*rows, strict=True)]
