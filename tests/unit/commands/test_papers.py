"""``loa paper``: lines with roles, the announcement and the fields; a bad file gets one sentence."""

import json
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from broadcaster.commands import papers
from tests.unit.text.papers.paper_files import own_text

pytestmark = pytest.mark.long


def test_json_tells_every_line_the_fields_and_the_announcement(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "\n" + own_text("01")
    (tmp_path / "tb.txt").write_text(text, "utf-8")
    assert papers.main([str(tmp_path / "tb.txt"), "--json"]) == 0
    stated = json.loads(capsys.readouterr().out)
    assert [line["text"] for line in stated["lines"]] == text.split("\n")
    assert [line["line"] for line in stated["lines"]][:2] == [1, 2]
    assert {line["spoken"] for line in stated["lines"] if line["role"] == "signature"} == {False}
    assert stated["fields"]["number"] == "1287/TB-ĐLBT"
    assert stated["fields"]["valid_until"] == "2026-06-12"
    assert stated["announcement"].startswith("THÔNG BÁO\nVề việc tạm ngừng cung cấp điện")
    assert stated["repairs"] == []


def test_a_person_sees_what_is_said_what_is_struck_and_what_was_repaired(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old = "\tCéNG HßA X· HéI CHñ NGHÜA VIÖT NAM\n\t§éc lËp - Tù do - H¹nh phóc\nKÝnh mêi bµ con häp lóc 19 giê."
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(old.encode("utf-8"))))
    assert papers.main(["-"]) == 0
    shown = capsys.readouterr().out
    assert "TCVN3" in shown
    assert "Kính mời bà con họp lúc 19 giờ." in shown
    assert "Đ\u0336ộ\u0336c\u0336" in shown


def test_a_bad_file_gets_one_sentence_and_a_missing_one_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.pdf").write_bytes(b"%PDF-1.4 nothing")
    assert papers.main([str(tmp_path / "x.pdf")]) == 1
    assert capsys.readouterr().err.startswith("Tệp bị hỏng")
    assert papers.main([str(tmp_path / "none.pdf")]) == 1
    assert str(tmp_path / "none.pdf") in capsys.readouterr().err


def test_a_repair_is_left_out_when_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.txt").write_text("Mai c&#7855;t điện.", "utf-8")
    assert papers.main([str(tmp_path / "x.txt"), "--json", "--leave", "entities"]) == 0
    assert json.loads(capsys.readouterr().out)["lines"][0]["text"] == "Mai c&#7855;t điện."
