"""Which hamlets a warning names."""

import pytest

from broadcaster.text.warnings import named_in

NAMES = ("Côn Minh", "Hảo Nghĩa", "Bản Cuôn", "Lủng Pảng", "Thôn Đông", "Tổ 5", "Tổ dân phố số 7")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tại các xã: Côn Minh, Xuân Dương", ["Côn Minh"]),
        ("xã Hảo Nghĩa (cũ)", ["Hảo Nghĩa"]),
        ("tỉnh Thái Nguyên (Côn Minh, Na Rì)", ["Côn Minh"]),
        ("CÁC XÃ CÔN MINH, NA RÌ", ["Côn Minh"]),
        ("cac xa con minh, na ri", ["Côn Minh"]),
        ("thôn Bản Cuôn, xã Côn Minh", ["Bản Cuôn"]),
        ("thôn Bản Cuôn và Lủng Pảng thuộc xã Côn Minh", ["Bản Cuôn", "Lủng Pảng"]),
        ("thôn Bản Cuôn; toàn xã Côn Minh", ["Bản Cuôn", "Côn Minh"]),
        ("các thôn Đông, Đoài và tổ 5", ["Thôn Đông", "Tổ 5"]),
        ("TDP 7", ["Tổ dân phố số 7"]),
        ("gió hướng Đông, biển Đông, sóng cấp 5", []),
        ("Côn Minh Thượng", []),
        ("xã Bản Cuôn", []),
    ],
)
def test_a_place_is_named_by_itself_in_a_list_or_as_an_address(text: str, expected: list[str]) -> None:
    assert named_in(text, NAMES, wider={"Côn Minh", "Hảo Nghĩa"}) == expected
