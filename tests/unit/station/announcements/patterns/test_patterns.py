"""Patterns with blanks: filled as an official writes, refused in plain words, shipped ones fit to be read out."""

import pytest

from broadcaster.errors import Invalid, NotAllowed, NotFound
from broadcaster.station.announcements.patterns import blanks, patterns
from broadcaster.station.announcements.patterns.blanks import Blank, BlankKind
from broadcaster.station.database.engine import Database
from broadcaster.text import normalize
from tests.rig.commune import NOW, Commune

ANSWERS = {
    BlankKind.DAY: "2026-11-28",
    BlankKind.TIME: "07:30",
    BlankKind.MONEY: "50.000",
    BlankKind.PHONE: "0912 345 678",
    BlankKind.WORDS: "nhà văn hóa thôn",
    BlankKind.PASSAGE: "Bàn việc làm đường.",
}


@pytest.mark.parametrize("pattern", patterns.shipped(), ids=lambda each: each.id)
def test_every_shipped_pattern_is_filled_and_read_out_without_a_doubt(pattern: patterns.Pattern) -> None:
    answers = {blank.name: ANSWERS[blank.kind] for blank in pattern.blanks}
    title, text = patterns.fill(pattern, answers)
    assert not set("[]") & set(title + text)
    script = normalize(text)
    assert script.doubts == ()
    assert not any(each.isdigit() for each in script.text)


def test_one_name_is_asked_once_and_written_everywhere() -> None:
    text = "Họp ngày [ngày họp: ngày]. Nhắc lại: ngày [ngày họp]."
    assert blanks.blanks(text) == (Blank("ngày họp", BlankKind.DAY),)
    assert blanks.filled(text, {"ngày họp": "2026-11-28"}) == "Họp ngày 28/11/2026. Nhắc lại: ngày 28/11/2026."


@pytest.mark.parametrize(
    ("kind", "typed", "written"),
    [
        ("ngày", "28/11/2026", "28/11/2026"),
        ("giờ", "19:00", "19 giờ"),
        ("giờ", "07:05", "7 giờ 05"),
        ("tiền", "1200000", "1.200.000 đồng"),
        ("tiền", "45.000đ", "45.000 đồng"),
        ("điện thoại", " 0912 345 678 ", "0912 345 678"),
        ("chữ", "nhà [cũ]", "nhà (cũ)"),
        ("đoạn", "Một.\nHai.", "Một.\nHai."),
    ],
)
def test_each_kind_is_written_as_an_official_writes_it(kind: str, typed: str, written: str) -> None:
    assert blanks.filled(f"[chỗ: {kind}]", {"chỗ": typed}) == written


@pytest.mark.parametrize(
    ("kind", "typed"), [("ngày", "31/02/2026"), ("giờ", "25 giờ"), ("tiền", "nhiều"), ("chữ", " ")]
)
def test_what_cannot_be_is_refused_with_the_name_of_the_blank(kind: str, typed: str) -> None:
    with pytest.raises(Invalid, match="hạn nộp") as refused:
        blanks.filled(f"[hạn nộp: {kind}]", {"hạn nộp": typed})
    assert refused.value.field == "hạn nộp"


def test_a_finished_text_suggests_its_own_blanks() -> None:
    text = "Họp 19h30 ngày 28/11/2026, thu 50.000 đồng, gọi 0912 345 678. Hẹn 8 giờ ngày 1/12."
    assert blanks.suggested(text) == (
        "Họp [giờ: giờ] ngày [ngày: ngày], thu [số tiền: tiền], gọi [điện thoại: điện thoại]. "
        "Hẹn [giờ 2: giờ] ngày [ngày 2: ngày]."
    )


def test_the_commune_adds_its_own_and_takes_only_its_own_away(database: Database, commune: Commune) -> None:
    with database.session() as s:
        made = patterns.add(
            s,
            title="Đổi rác [ngày: ngày]",
            text="Mời bà con.",
            broadcast_class="routine",
            by=commune.officer,
            now_at=NOW,
        )
        assert patterns.listing(s)[0] == made == patterns.get(s, made.id)
    with database.session() as s:
        patterns.remove(s, pattern_id=made.id, by=commune.officer, now_at=NOW)
        with pytest.raises(NotFound):
            patterns.get(s, made.id)
        with pytest.raises(NotFound):
            patterns.remove(s, pattern_id="meeting", by=commune.officer, now_at=NOW)
        with pytest.raises(NotAllowed):
            patterns.add(s, title="Đ", text="Đ", broadcast_class="routine", by=commune.viewer, now_at=NOW)
