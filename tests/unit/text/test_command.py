"""``loa normalize``: lines in, lines out."""

import io
import json
from pathlib import Path

import pytest

from broadcaster.text.command import main


class Terminal(io.TextIOWrapper):
    """A standard stream over bytes, as a pipe gives it."""

    def __init__(self, content: bytes = b"") -> None:
        super().__init__(io.BytesIO(content), encoding="ascii")

    def written(self) -> str:
        self.flush()
        buffer = self.buffer
        assert isinstance(buffer, io.BytesIO)
        return buffer.getvalue().decode()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    def running(text: str, *argv: str) -> tuple[int, str, str]:
        output = Terminal()
        monkeypatch.setattr("sys.stdin", Terminal(text.encode()))
        monkeypatch.setattr("sys.stdout", output)
        code = main(argv)
        return code, output.written(), capsys.readouterr().err

    return running


def test_a_line_in_is_a_line_out_and_an_empty_line_stays_empty(run) -> None:  # type: ignore[no-untyped-def]
    code, out, _ = run("UBND xã\n\nHọp lúc 8h\r\n")

    assert (code, out) == (0, "Ủy ban nhân dân xã.\n\nHọp lúc tám giờ.\n")


def test_json_lines_keep_their_id_and_become_one_line(run) -> None:  # type: ignore[no-untyped-def]
    _, out, _ = run('{"id": 7, "text": "Thôn 3\\n8h"}\n{"id": "b", "text": ""}\n', "--jsonl")

    assert [json.loads(line) for line in out.splitlines()] == [
        {"id": 7, "out": "Thôn ba. Tám giờ."},
        {"id": "b", "out": ""},
    ]


def test_explain_names_what_is_doubtful(run) -> None:  # type: ignore[no-untyped-def]
    _, plain, _ = run("Đội XQK\n", "--explain")
    _, lines, _ = run('{"id": 1, "text": "Đội XQK"}\n', "--jsonl", "--explain")

    assert plain.startswith("Đội ích quy ca.\t[XQK] Chưa biết “XQK” viết tắt của gì")
    (doubt,) = json.loads(lines)["doubts"]
    assert (doubt["start"], doubt["end"], doubt["kind"]) == (4, 7, "unknown_acronym")


def test_the_commune_s_dictionary_is_used(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "tu-dien.tsv"
    path.write_text("XQK\txung quanh kênh\n", encoding="utf-8")

    assert run("Đội XQK\n", "--dictionary", str(path))[1] == "Đội xung quanh kênh.\n"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{nope}", "Dòng 2: không phải là JSON"),
        ("[1]", "Dòng 2: thiếu trường “text”"),
        ('{"id": 1}', "Dòng 2: thiếu trường “text”"),
        ('{"id": 1, "text": 5}', "Dòng 2: thiếu trường “text”"),
    ],
)
def test_a_bad_json_line_is_named_and_ends_the_run(run, line: str, says: str) -> None:  # type: ignore[no-untyped-def]
    code, out, err = run('{"id": 1, "text": "a"}\n' + line + "\n", "--jsonl")

    assert code == 2
    assert len(out.splitlines()) == 1
    assert says in err


def test_a_missing_or_bad_dictionary_is_named(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    bad = tmp_path / "bad.tsv"
    bad.write_bytes(b"\xff\xfe")

    for path in (tmp_path / "absent.tsv", bad):
        code, _, err = run("a\n", "--dictionary", str(path))
        assert code == 2
        assert f"Không đọc được từ điển đọc “{path}”" in err


def test_a_paste_in_an_old_font_is_mended_unless_nobody_wants_that(run) -> None:  # type: ignore[no-untyped-def]
    line = '{"id": 1, "text": "Th«ng b¸o: ®Ò nghÞ bµ con ®i häp ®Çy ®ñ"}\n'

    mended = json.loads(run(line, "--jsonl", "--explain")[1])
    assert mended["out"] == "Thông báo: đề nghị bà con đi họp đầy đủ."
    assert mended["repaired"].startswith("Thông báo")
    assert "Thông báo" not in run(line, "--jsonl", "--as-typed")[1]


def test_the_furniture_of_a_paper_is_left_out_when_asked(run) -> None:  # type: ignore[no-untyped-def]
    line = json.dumps({"id": 1, "text": "Trân trọng thông báo./.\n\nNơi nhận:\n- Như trên;\n- Lưu: VT."}) + "\n"

    assert "Nơi nhận" in run(line, "--jsonl")[1]
    assert json.loads(run(line, "--jsonl", "--paper")[1])["out"] == "Trân trọng thông báo."
