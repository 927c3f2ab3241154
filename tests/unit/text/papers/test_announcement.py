"""The announcement a paper becomes, lines switched by hand, and texts that are no paper."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.text.papers import announcement, read_paper
from tests.unit.text.papers.paper_files import own_text

pytestmark = pytest.mark.long

DATA = Path(__file__).parents[3] / "data"
FURNITURE_BY_THEMSELVES = ("Nơi nhận", "KHẨN", "(có danh sách", "TM.", "KT.")


def test_broken_lines_are_one_sentence_again() -> None:
    text = announcement(read_paper(own_text("07")))
    assert "cộng đồng dân cư về đồ án quy hoạch" in text
    assert "từ ngày 15/3/2026 đến hết ngày 14/4/2026." in text
    assert "0912 000 345" in text
    assert "Người ký" not in text


def test_a_line_is_brought_back_and_another_left_out_by_hand() -> None:
    paper = read_paper("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nMai họp.\nTối nghỉ.")
    assert announcement(paper) == "Mai họp.\nTối nghỉ."
    assert announcement(paper, bring_back={2}, leave_out={4}) == "Độc lập - Tự do - Hạnh phúc\nMai họp."


def sentences() -> Iterator[str]:
    for path in (DATA / "normalization").glob("*.tsv"):
        for row in path.read_text("utf-8").splitlines():
            if row.strip() and not row.startswith("#"):
                yield row.split("\t")[0]
    for path in (DATA / "normalization_unseen").glob("*.jsonl"):
        yield from (json.loads(row)["text"] for row in path.read_text("utf-8").splitlines())


def in_sixes() -> Iterator[str]:
    """The sentences, six in a text: an announcement has some lines, and a text by itself costs as much as ten."""
    every = list(sentences())
    for at in range(0, len(every), 6):
        yield "\nMong bà con chú ý theo dõi.\n".join(every[at : at + 6])


def test_a_sentence_of_our_corpora_is_never_struck_through() -> None:
    lost = [
        line.text
        for some in in_sixes()
        for line in read_paper(f"Kính thưa bà con.\n{some}\nMong bà con chú ý theo dõi.").lines
        if line.role != "blank" and not line.spoken and not line.text.startswith(FURNITURE_BY_THEMSELVES)
    ]
    assert lost == []


def test_the_announcements_we_have_stay_whole() -> None:
    for path in (DATA / "announcements").glob("*.txt"):
        assert [
            line.text for line in read_paper(path.read_text("utf-8")).lines if not line.spoken and line.role != "blank"
        ] == []


@given(st.text(alphabet=st.sampled_from(list("aÀđ 1:./-|\t\n\r*#([CHỦ TỊCH.Nơi nhận:")), max_size=300))
def test_any_text_is_sorted_and_no_line_is_lost(text: str) -> None:
    lines = read_paper(text).lines
    assert "\n".join(line.text for line in lines) == text.replace("\r\n", "\n").replace("\r", "\n")


def test_a_quarter_of_a_megabyte_without_a_line_feed_is_sorted_in_seconds() -> None:
    assert len(read_paper("thông báo " * 25_000).lines) == 1
    assert len(read_paper("- TT\t(Đã ký)\n" * 5_000).lines) == 5_001
