"""A platform's fields as ours and back, by the example in the documents and by files that are wrong."""

import io
import json
from pathlib import Path
from typing import Any, get_args

import pytest

from broadcaster.errors import Invalid
from broadcaster.exchange import mapping
from broadcaster.protocol.exchange.messages import ReportKind
from loa.commands import main

EXAMPLE = Path(__file__).parents[3] / "docs" / "exchange-mapping.yaml"
RECORD: dict[str, Any] = {
    "maBanTin": "BT-7",
    "tieuDe": "Cấm đường",
    "noiDung": {"vanBan": "Cấm xe qua cầu."},
    "mucDo": 2,
    "hetHan": "01/12/2026 18:00",
    "maXa": ["con-minh"],
    "truongKhac": 1,
}


def given(*records: dict[str, Any]) -> dict[str, Any]:
    return {"duLieu": {"danhSach": list(records)}}


def test_what_the_platform_gives_becomes_ours() -> None:
    assert mapping.items(mapping.read(EXAMPLE), given(RECORD)) == [
        {
            "id": "BT-7",
            "title": "Cấm đường",
            "text": "Cấm xe qua cầu.",
            "class": "priority",
            "valid_until_at": "2026-12-01T18:00:00+07:00",
            "communes": ["con-minh"],
        }
    ]


def test_what_a_commune_reports_becomes_the_platform_s() -> None:
    stated = {"item": "BT-7", "commune": "con-minh", "kind": "aired", "at": "2026-11-30T13:05:00Z", "seconds": 31}
    assert mapping.report(mapping.read(EXAMPLE), stated) == {
        "phienBan": 1,
        "maBanTin": "BT-7",
        "maXa": "con-minh",
        "trangThai": {"ma": "DA_PHAT", "thoiGian": "30/11/2026 20:05"},
        "soGiayPhat": 31,
    }


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"mucDo": 9}, "mapping.value_unknown", "0.mucDo"),
        ({"hetHan": "ngày mai"}, "mapping.not_a_time", "0.hetHan"),
        ({"tieuDe": ""}, "mapping.no_title", "0.title"),
    ],
)
def test_a_record_that_cannot_be_meant_is_refused_with_its_place(change: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        mapping.items(mapping.read(EXAMPLE), given(RECORD | change))
    assert (refused.value.code, refused.value.field) == (code, field)


def test_codes_of_communes_become_ids_of_stations_and_numbers_become_words(tmp_path: Path) -> None:
    file = tmp_path / "map.yaml"
    file.write_text(
        "items: {fields: {id: so, title: ten, communes: xa, drill: thu},"
        " values: {communes: {con-minh: 11, vi-huong: 12}, drill: {true: C, false: K}}}"
    )
    record = {"so": 7, "ten": "Họp", "xa": [12, 11], "thu": "C"}
    assert mapping.items(mapping.read(file), [record, record | {"xa": 11, "thu": "K"}]) == [
        {"id": "7", "title": "Họp", "communes": ["vi-huong", "con-minh"], "drill": True},
        {"id": "7", "title": "Họp", "communes": ["con-minh"], "drill": False},
    ]
    with pytest.raises(Invalid, match=r"mapping\.value_unknown"):
        mapping.items(mapping.read(file), [record | {"xa": [11, 99]}])


def test_a_report_whose_value_the_mapping_does_not_know_is_refused() -> None:
    with pytest.raises(Invalid, match=r"mapping\.value_unknown"):
        mapping.report(mapping.read(EXAMPLE), {"item": "BT-7", "kind": "dreamed"})


def test_the_example_knows_every_kind_of_report() -> None:
    known = mapping.read(EXAMPLE).reports
    assert known is not None
    assert set(known.values["kind"]) == set(get_args(ReportKind))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "mapping.parts_wrong"),
        ("- 1", "mapping.parts_wrong"),
        ("others: {}", "mapping.parts_wrong"),
        ("items: {fields: {}}", "mapping.part_empty"),
        ("items: {fields: {tile: x}}", "mapping.field_unknown"),
        ("items: {fields: {title: x}, filter: y}", "mapping.field_unknown"),
        ("items: {fields: {title: x}, zone: Mars/Base}", "mapping.zone_unknown"),
        ("items: [", "mapping.not_readable"),
    ],
)
def test_a_file_that_is_wrong_is_refused(tmp_path: Path, text: str, code: str) -> None:
    file = tmp_path / "map.yaml"
    file.write_text(text)
    with pytest.raises(Invalid) as refused:
        mapping.read(file)
    assert refused.value.code == code


def test_a_document_without_the_list_is_refused() -> None:
    with pytest.raises(Invalid, match=r"mapping\.no_list"):
        mapping.items(mapping.read(EXAMPLE), {"khac": []})


def test_the_command_reads_and_writes_lines(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(given(RECORD, RECORD))))
    assert main(["exchange", "translate", str(EXAMPLE), "items"]) == 0
    assert [json.loads(line)["class"] for line in capsys.readouterr().out.splitlines()] == ["priority"] * 2
    monkeypatch.setattr("sys.stdin", io.StringIO('{"item": "BT-7", "kind": "taken"}\n'))
    assert main(["exchange", "translate", str(EXAMPLE), "reports"]) == 0
    assert json.loads(capsys.readouterr().out)["trangThai"] == {"ma": "DA_CHON"}
    answer = [{"commune": "con-minh", "item": "BT-7", "report": "r", "body": {"item": "ours", "kind": "taken"}}]
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(answer)))
    assert main(["exchange", "translate", str(EXAMPLE), "reports"]) == 0
    assert json.loads(capsys.readouterr().out)["maBanTin"] == "BT-7"
    monkeypatch.setattr("sys.stdin", io.StringIO("{"))
    assert main(["exchange", "translate", str(EXAMPLE), "items"]) == 2
