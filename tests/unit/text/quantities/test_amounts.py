"""Numbers with what sticks to them, where a village types quickly."""

import pytest

from broadcaster.text import normalize


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("12tr350k", "Mười hai triệu ba trăm năm mươi nghìn."),
        ("3tr25", "Ba triệu hai trăm năm mươi nghìn."),
        ("8tr5", "Tám triệu năm."),
        ("1.350k/con", "Một triệu ba trăm năm mươi nghìn một con."),
        ("2500k", "Hai triệu năm trăm nghìn."),
        ("họp 30p, cần 40ng", "Họp ba mươi phút, cần bốn mươi người."),
        ("gạo 15kg/ng", "Gạo mười lăm ki lô gam một người."),
    ],
)
def test_an_amount_is_said_in_full(written: str, said: str) -> None:
    assert normalize(written).text == said


def test_a_figure_behind_a_person_s_name_is_an_age_and_a_load_is_none() -> None:
    assert normalize("Cụ Trần Đình Tứ 87t mất").text == "Cụ Trần Đình Tứ tám mươi bảy tuổi mất."
    assert normalize("Nguyễn Văn An, 45t").text == "Nguyễn Văn An, bốn mươi lăm tuổi."
    assert normalize("xe chở 12t sắn").text == "Xe chở mười hai tấn sắn."


def test_a_ton_that_could_be_an_age_is_shown() -> None:
    (doubt,) = normalize("con bò cái, khoảng 2t").doubts

    assert (doubt.written, doubt.kind) == ("2t", "low_confidence")
