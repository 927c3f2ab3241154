"""Files for spreadsheets."""

import io
import zipfile

import pytest

from web.log.tables import harmless, workbook


@pytest.mark.parametrize("text", ["=1+1", "+84", "-x", "@sum", "\t=1", " =1", "\n=1"])
def test_what_a_spreadsheet_would_run_is_made_words(text: str) -> None:
    assert harmless(text) == f"'{text}"


def test_no_cell_of_a_workbook_is_a_formula_or_a_link() -> None:
    made = workbook([("Sổ", [("Bản tin", "Số"), ("=1+1", 3), ("http://evil.example", 2.5)])])
    sheet = zipfile.ZipFile(io.BytesIO(made)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert "<v>3</v>" in sheet
