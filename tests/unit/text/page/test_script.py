"""Sentences, pauses, paragraphs and repeated facts of a script."""

import re

import pytest

from broadcaster.text import Span, normalize, reading_version, spoken


def test_each_line_of_the_input_is_a_paragraph_of_the_script() -> None:
    script = normalize("THÔNG BÁO\nHọp thôn lúc 8h\n\n- Mang CCCD;\n- Đúng giờ.")

    assert script.text.split("\n") == [
        "Thông báo.",
        "Họp thôn lúc tám giờ.",
        "Mang căn cước công dân;",
        "Đúng giờ.",
    ]


def test_a_line_broken_by_a_pdf_goes_on_with_its_sentence() -> None:
    assert normalize("Bà con chú ý bơm nước\nvà sạc đèn pin.").text == "Bà con chú ý bơm nước và sạc đèn pin."


def test_the_pause_after_a_paragraph_is_longer_than_after_a_sentence() -> None:
    first, second, third = normalize("Họp thôn. Đúng giờ.\nCảm ơn.").sentences

    assert first.pause_ms < second.pause_ms == third.pause_ms


def test_a_spoken_span_leads_back_to_what_was_typed() -> None:
    text = "Gọi  0912 345 678 lúc 7h"
    script = normalize(text)

    pairs = {script.text[span.start : span.end]: text[span.source.start : span.source.end] for span in script.spans}
    assert pairs == {
        "Gọi": "Gọi",
        "không chín một hai, ba bốn năm, sáu bảy tám": "0912 345 678",
        "lúc": "lúc",
        "bảy giờ": "7h",
    }


def test_offsets_are_those_of_text_typed_in_pieces() -> None:
    text = "Ho\u0323p tho\u0302n\u200b 3"
    script = normalize(text)

    assert script.text == "Họp thôn ba."
    assert script.spans[0].source == Span(0, 4)
    assert text[script.spans[2].source.start] == "3"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Ðề nghị", "Đề nghị."),
        ("Đề nghi\u0323 bà\u00a0con", "Đề nghị bà con."),
        ("UВND xã", "Ủy ban nhân dân xã."),
        ("１５ hộ", "Mười lăm hộ."),
        ("diện tích 100 ㎡", "Diện tích một trăm mét vuông."),
        ("quý Ⅳ", "Quý bốn."),
        ("<b>Họp&nbsp;thôn</b><br>lúc 8h", "Họp thôn lúc tám giờ."),
        ("<script>alert(1)</script>Họp", "a le một, Họp."),
        ("Mưa to ⛈️⛈️, gió mạnh", "Mưa to, gió mạnh."),
        ("xã Vi Hương\u0000", "Xã Vi Hương."),
    ],
)
def test_the_shapes_a_keyboard_or_a_pdf_leaves_behind_do_not_matter(typed: str, said: str) -> None:
    assert normalize(typed).text == said


@pytest.mark.parametrize("text", ["", " ", "\n\n", "🎉🎉", "---", "...", "\u200b", "()"])
def test_a_text_that_says_nothing_gives_an_empty_script(text: str) -> None:
    script = normalize(text)

    assert (script.text, script.sentences, script.spans) == ("", (), ())
    assert spoken(text) == ""


def test_key_facts_are_said_once_more_when_asked() -> None:
    text = "Gọi 0912345678 trước 17h. Nộp 50.000đ/hộ/năm vào STK 3713 0104 6597. Xin cảm ơn."

    assert normalize(text, repeat_key_facts=True).text == (
        "Gọi không chín một hai, ba bốn năm, sáu bảy tám trước mười bảy giờ. "
        "Xin nhắc lại: số điện thoại không chín một hai, ba bốn năm, sáu bảy tám, thời gian mười bảy giờ. "
        "Nộp năm mươi nghìn đồng một hộ một năm vào số tài khoản "
        "ba bảy một ba, không một không bốn, sáu năm chín bảy. "
        "Xin nhắc lại: số tiền năm mươi nghìn đồng một hộ một năm, "
        "số ba bảy một ba, không một không bốn, sáu năm chín bảy. "
        "Xin cảm ơn."
    )


@pytest.mark.parametrize(
    ("text", "repeated"),
    [
        ("Nộp 450 triệu đồng.", "số tiền bốn trăm năm mươi triệu đồng."),
        ("Thu từ 2 - 3 triệu đồng.", "số tiền hai đến ba triệu đồng."),
        ("Mức 10.000 - 15.000đ/lao động.", "số tiền mười nghìn đến mười lăm nghìn đồng một lao động."),
        ("Giá 50.000đ/1 sào.", "số tiền năm mươi nghìn đồng một sào."),
        ("Họp từ 7h30 - 11h.", "thời gian bảy giờ ba mươi phút đến mười một giờ."),
    ],
)
def test_a_fact_is_repeated_whole(text: str, repeated: str) -> None:
    assert normalize(text, repeat_key_facts=True).text.partition("Xin nhắc lại: ")[2] == repeated


def test_a_text_without_key_facts_is_not_repeated() -> None:
    assert normalize("Có 5 hộ ở thôn 3.", repeat_key_facts=True) == normalize("Có 5 hộ ở thôn 3.")


def test_the_reading_version_is_a_short_hash_that_stays() -> None:
    assert len(reading_version()) == 12
    assert reading_version() == reading_version()


def test_every_ordinary_word_has_a_span_of_its_own_without_its_comma() -> None:
    text = "ở đây, bà con nghe, ý kiến"
    script = normalize(text)

    assert [text[span.source.start : span.source.end] for span in script.spans] == re.findall(r"\w+", text)
    assert [script.text[span.start : span.end].lower() for span in script.spans] == re.findall(r"\w+", text)
