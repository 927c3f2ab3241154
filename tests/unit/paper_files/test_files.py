"""Files become text; each kind that cannot be read is refused in one sentence that says what to do."""

import sys
import zipfile
from io import BytesIO

import pytest
from PIL import Image, ImageDraw, ImageFont

from broadcaster.errors import Invalid
from broadcaster.paper_files import can_read_pictures, read_file
from broadcaster.paper_files.kinds import kind_of
from broadcaster.refusals.sentences import sentence
from broadcaster.text.papers import announcement, read_paper, read_pasted
from tests.unit.paper_files import files

pytestmark = pytest.mark.long


def said(data: bytes) -> list[str]:
    return announcement(read_paper(read_file(data).text)).split("\n")


def refusal(data: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        read_file(data)
    assert caught.value.field == "paper"
    assert sentence(caught.value.reason).endswith(".")
    return caught.value.code


def test_a_word_document_becomes_the_announcement() -> None:
    assert said(files.word()) == [
        "THÔNG BÁO",
        "Về việc tiêm phòng dại",
        "UBND xã thông báo lịch tiêm như sau:",
        "Thôn Cầu Mới: từ 7h00 đến 10h30.",
        "Thôn Gốc Sấu: từ 14h00 đến 17h00.",
        "- Mang theo sổ tiêm.",
        "Đề nghị bà con thực hiện./.",
    ]


def test_what_was_typed_while_changes_are_tracked_and_in_frames_is_read() -> None:
    document = files.notice()
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = document.element.body
    from lxml import etree

    for xml in (
        f'<w:p xmlns:w="{w}"><w:ins w:id="1"><w:r><w:t>Thêm một ngày tiêm.</w:t></w:r></w:ins>'
        f'<w:del w:id="2"><w:r><w:delText>Bỏ câu này.</w:delText></w:r></w:del></w:p>',
        f'<w:sdt xmlns:w="{w}"><w:sdtContent><w:p><w:r><w:t>Trong khung nhập.</w:t></w:r></w:p></w:sdtContent></w:sdt>',
    ):
        body.insert(len(body) - 2, etree.fromstring(xml))
    text = read_file(files.word(document)).text
    assert "Thêm một ngày tiêm." in text
    assert "Trong khung nhập." in text
    assert "Bỏ câu này." not in text


def test_a_pdf_keeps_its_columns_and_its_broken_lines_are_joined() -> None:
    lines = said(files.NOTICE_PDF.read_bytes())
    assert lines[0] == "THÔNG BÁO"
    assert "Thôn Gốc Sấu, Đồng Vang: ngày 18/3/2026, từ 14h00 đến 17h00." in lines
    assert any(
        "liên hệ bà Đinh Thị Lụa, nhân viên thú y xã, điện thoại 0912.000.417 hoặc gặp trưởng thôn." in line
        for line in lines
    )
    assert lines[-1].startswith("Trên đây là thông báo")
    assert not any("Nơi nhận" in line or "CỘNG HÒA" in line for line in lines)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_text_of_any_code_page_is_read_line_by_line(encoding: str) -> None:
    text = "\n\nMai họp thôn Đìa.\nMang theo cuốc, xẻng."
    assert read_file(text.encode(encoding)).text == text


def test_a_text_in_the_old_page_of_windows_or_in_an_old_font_is_read() -> None:
    windows = "Họp thôn".replace("ọ", "o\u0323").encode("cp1258")
    assert read_file(windows).text == "Họp thôn"
    old = "KÝnh mêi bµ con th«n §«ng ®Õn häp lóc 19 giê.".encode("latin-1")
    assert read_pasted(read_file(old).text).paper.lines[0].text == "Kính mời bà con thôn Đông đến họp lúc 19 giờ."


def test_a_saved_web_page_gives_what_a_reader_sees() -> None:
    head = "<!DOCTYPE html><html><head><title>x</title><style>p{}</style></head>"
    body = "<body><p>Mai h&#7885;p th&ocirc;n.<br>Đúng <b>7 giờ</b>.</p><script>x()</script></body></html>"
    page = head + body
    assert read_file(page.encode()).text == "Mai họp thôn.\nĐúng 7 giờ."


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: b"  \n ", "paper.empty"),
        (lambda: b"x" * 20_000_001, "paper.too_large"),
        (lambda: b"a" * 500_000, "paper.too_long"),
        (lambda: files.word_with("word/vbaProject.bin", b"x"), "paper.macros"),
        (lambda: files.word_with("word/media/bomb.bin", b"\0" * 120_000_000), "paper.bomb"),
        (lambda: files.word()[:3000], "paper.broken"),
        (lambda: files.pdf_of_blank_pages(300), "paper.pages"),
        (files.encrypted_pdf, "paper.encrypted"),
        (lambda: files.NOTICE_PDF.read_bytes()[:2000], "paper.broken"),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "paper.old_word"),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "paper.encrypted"),
        (lambda: b"{\\rtf1\\ansi x}", "paper.rtf"),
        (lambda: b"ID3\x03" + bytes(100), "paper.sound"),
        (lambda: b"Rar!\x1a\x07", "paper.archive"),
        (lambda: bytes(range(256)) * 4, "paper.unknown"),
    ],
)
def test_what_cannot_be_read_gets_a_sentence(make, code: str) -> None:
    assert refusal(make()) == code


@pytest.mark.parametrize(
    ("name", "kind"), [("xl/workbook.xml", "sheet"), ("ppt/presentation.xml", "slides"), ("a.txt", "archive")]
)
def test_other_archives_are_known_by_what_they_hold(name: str, kind: str) -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "x")
    assert kind_of(out.getvalue()) == kind
    assert refusal(out.getvalue()) == f"paper.{kind}"


def test_a_word_document_whose_parts_expand_endlessly_is_stopped() -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 20 if n else "ha" * 50}">' for n in range(9))
    xml = f'<?xml version="1.0"?><!DOCTYPE x [{entities}]><x>&a8;</x>'
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", xml)
        archive.writestr("[Content_Types].xml", xml)
    assert refusal(out.getvalue()) in ("paper.broken", "paper.too_heavy", "paper.empty")


def picture(text: str, *, as_pdf: bool = False) -> bytes:
    font = ImageFont.truetype("DejaVuSans.ttf", 34)
    page = Image.new("RGB", (1240, 700), "white")
    ImageDraw.Draw(page).multiline_text((80, 80), text, fill="black", font=font, spacing=20)
    out = BytesIO()
    page.save(out, "PDF" if as_pdf else "PNG", resolution=150)
    return out.getvalue()


@pytest.mark.integration
@pytest.mark.skipif(not can_read_pictures(), reason="Tesseract is not installed here")
@pytest.mark.parametrize("as_pdf", [False, True])
def test_a_photograph_and_a_scanned_pdf_are_read_by_tesseract(as_pdf: bool) -> None:
    file = read_file(picture("Kính mời bà con thôn Đông\nđến nhà văn hóa họp lúc 19 giờ.", as_pdf=as_pdf))
    assert file.read_by == "ocr"
    assert "nhà văn hóa" in file.text


def test_without_tesseract_a_picture_and_a_scan_say_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    # The process looks for Tesseract on the path it inherits.
    monkeypatch.setenv("PATH", str(sys.prefix))
    assert refusal(picture("Họp thôn")) == "paper.picture_needs_ocr"
    assert refusal(picture("Họp thôn", as_pdf=True)) == "paper.no_text"
