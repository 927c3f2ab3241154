"""Files as officers and strangers bring them, made for the tests."""

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pypdf

NOTICE_PDF = Path(__file__).parents[2] / "data" / "papers" / "notice.pdf"
HEADER = (
    "ỦY BAN NHÂN DÂN\nXÃ ĐỒNG KHÊ\nSố: 46/TB-UBND",
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nĐồng Khê, ngày 09 tháng 3 năm 2026",
)
FOOT = ("Nơi nhận:\n- Các thôn;\n- Lưu: VT.", "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n(Đã ký)\nHoàng Đình Thưởng")
ROWS = (("STT", "Thôn", "Từ", "Đến"), ("1", "Cầu Mới", "7h00", "10h30"), ("2", "Gốc Sấu", "14h00", "17h00"))


def word(document: Any = None) -> bytes:
    """The notice as officers type it: header and foot are tables without lines."""
    document = document or notice()
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def notice() -> Any:
    document = docx.Document()
    _table(document, (HEADER,))
    document.add_paragraph("THÔNG BÁO")
    document.add_paragraph("Về việc tiêm phòng dại")
    document.add_paragraph("UBND xã thông báo lịch tiêm như sau:")
    _table(document, ROWS)
    document.add_paragraph("Mang theo sổ tiêm.", style="List Bullet")
    document.add_paragraph("Đề nghị bà con thực hiện./.")
    _table(document, (FOOT,))
    return document


def _table(document: Any, rows: tuple[tuple[str, ...], ...]) -> None:
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for at, row in enumerate(rows):
        for column, text in enumerate(row):
            table.cell(at, column).text = text


def word_with(name: str, content: bytes) -> bytes:
    """The notice with one more file inside."""
    out = BytesIO(word())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content, compresslevel=1)
    return out.getvalue()


def pdf_of_blank_pages(count: int) -> bytes:
    writer = pypdf.PdfWriter()
    for _ in range(count):
        writer.add_blank_page(width=595, height=842)
    return _written(writer)


def encrypted_pdf() -> bytes:
    writer = pypdf.PdfWriter(clone_from=BytesIO(NOTICE_PDF.read_bytes()))
    writer.encrypt("mat khau", algorithm="RC4-128")
    return _written(writer)


def _written(writer: Any) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
