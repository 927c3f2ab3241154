"""Rows of a table as sentences: the place first, "từ … đến …", units and merged cells written out."""

from broadcaster.text.papers import read_paper


def said(text: str) -> list[str]:
    return [line.said for line in read_paper(text).lines if line.spoken]


def test_the_place_comes_first_and_from_and_to_are_said() -> None:
    heads = "STT\tKhu vực\tTừ\tĐến\tLý do"
    rows = "1\tThôn Đông\t07:00\t11:30\tThay máy biến áp\n2\tXóm Bến\t13:00\t17:00\tPhát quang"
    text = f"{heads}\n{rows}"
    assert said(text) == [
        "Thôn Đông: từ 07:00 đến 11:30, Thay máy biến áp.",
        "Xóm Bến: từ 13:00 đến 17:00, Phát quang.",
    ]


def test_a_row_begins_with_its_place_wherever_the_column_stands() -> None:
    text = "Ngày\tGiờ\tKhu vực ngừng nước\n03/6/2026\t7h00 - 11h00\tThôn Đìa, thôn Chợ Cũ\n05/6/2026\t21h00\tToàn xã"
    assert said(text) == ["Thôn Đìa, thôn Chợ Cũ: ngày 03/6/2026, 7h00 - 11h00.", "Toàn xã: ngày 05/6/2026, 21h00."]


def test_a_merged_cell_is_said_again() -> None:
    text = "| Ngày | Từ | Đến | Thôn |\n|---|---|---|---|\n| 15/7 | 13h | 17h | Hạ |\n|  | 17h | 18h | Chùa |"
    assert said(text) == ["Thôn Hạ: ngày 15/7, từ 13h đến 17h.", "Thôn Chùa: ngày 15/7, từ 17h đến 18h."]


def test_a_unit_in_the_head_of_a_column_follows_the_figure() -> None:
    text = "TT\tHọ và tên\tXóm\tSố tiền (đồng)\n1\tLý A Sà\tXóm Ngoài\t100.000\n2\tHà Văn Tư\tnt\t50.000"
    assert said(text) == ["Xóm Ngoài: Lý A Sà, số tiền 100.000 đồng.", "Xóm Ngoài: Hà Văn Tư, số tiền 50.000 đồng."]


def test_columns_set_with_wide_gaps_are_a_table() -> None:
    rows = [
        "Khu vực bỏ phiếu   Địa điểm            Thôn",
        "Số 1        Nhà văn hóa     Trung",
        "Số 2      Trường THCS     Hạ",
    ]
    assert len(said("\n".join(rows))) == 2


def test_a_table_without_heads_loses_its_numbering_only() -> None:
    assert said("1\tThôn Đìa\t7h30\n2\tThôn Mới\t8h30") == ["Thôn Đìa: 7h30.", "Thôn Mới: 8h30."]


def test_a_bare_name_under_the_word_thon_is_said_with_it() -> None:
    text = "Thôn\tGiờ\nCầu Mới, Gốc Sấu\t7h00\nToàn xã\t9h00\nXóm Bến\t10h00"
    assert said(text) == ["Thôn Cầu Mới, Gốc Sấu: 7h00.", "Toàn xã: 9h00.", "Xóm Bến: 10h00."]
