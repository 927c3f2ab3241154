"""Báo cáo tháng: on the page, as CSV, as a workbook, through the API."""

import csv
import io
import zipfile

import pytest

from broadcaster.protocol import signing
from broadcaster.protocol.agenda import AuditHead
from broadcaster.station.audit import heads
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.schema import Broadcast
from tests.unit.web.commune import Commune
from tests.unit.web.log.test_pages import played
from tests.unit.web.nodes.test_chirps import make_sound
from tests.unit.web.nodes.test_pages import tell

pytestmark = pytest.mark.integration
NOVEMBER = "month=2026-11"


def rows(commune: Commune, path: str) -> list[list[str]]:
    text = commune.browser().get(path).text
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_month_tells_every_announcement_and_every_node(commune: Commune) -> None:
    played(commune, "Họp thôn")
    page = commune.browser().get(f"/reports?{NOVEMBER}").text
    assert "Báo cáo tháng 11/2026" in page
    assert "1 (100%)" in page  # the node that played
    assert "0 (0%)" in page
    assert "lượt đến cụm loa phát đủ (1/2)" in page


def test_a_hamlet_has_figures_of_its_own(commune: Commune) -> None:
    played(commune)
    lines = rows(commune, f"/reports/nodes.csv?{NOVEMBER}&unit=lung-pang")
    assert [line[0] for line in lines[1:]] == ["Loa Lủng Pảng"]
    assert rows(commune, f"/reports/book.csv?{NOVEMBER}&unit=ban-cuon")[1:] == []


def test_another_month_is_empty_and_says_what_to_do(commune: Commune) -> None:
    played(commune)
    assert "chọn tháng khác" in commune.browser().get("/reports?month=2026-10").text
    page = commune.browser().get("/reports?month=tháng-trước").text
    assert "Tháng không đúng" in page
    assert "Họp thôn" in page


def test_a_chirp_is_no_announcement(commune: Commune) -> None:
    tell(commune)
    make_sound(commune)
    api, headers = commune.app.test_client(), commune.token("quantri")
    assert api.post("/api/v1/nodes/loa-lung-vai/chirp", json={}, headers=headers).status_code == 201
    with commune.database.session() as s:
        s.query(Broadcast).update({"state": "completed"})
    assert rows(commune, f"/reports/book.csv?{NOVEMBER}")[1:] == []


def test_no_cell_of_a_csv_becomes_a_formula(commune: Commune) -> None:
    played(commune, '=HYPERLINK("http://evil.example")')
    (line,) = rows(commune, f"/reports/book.csv?{NOVEMBER}")[1:]
    assert line[2].startswith("'=")


def test_the_workbook_has_the_book_and_the_nodes(commune: Commune) -> None:
    played(commune)
    answer = commune.browser().get(f"/reports/report.xlsx?{NOVEMBER}")
    assert "bao-cao-2026-11.xlsx" in answer.headers["Content-Disposition"]
    words = zipfile.ZipFile(io.BytesIO(answer.data)).read("xl/sharedStrings.xml").decode()
    assert "Họp thôn" in words
    assert "Loa Lủng Vai" in words


def test_a_program_gets_the_figures(commune: Commune) -> None:
    played(commune)
    api, headers = commune.app.test_client(), commune.token("khach")
    report = api.get("/api/v1/reports/2026-11", headers=headers).json
    assert report["broadcasts"] == 1
    assert {line["node"]: (line["played"], line["lost"]) for line in report["poles"]} == {
        "loa-lung-pang": (1, 0),
        "loa-lung-vai": (0, 1),
    }
    assert api.get("/api/v1/reports/2026-13", headers=headers).status_code == 422


def test_the_report_carries_the_signed_end_of_the_audit_trail(commune: Commune) -> None:
    played(commune)
    config = commune.app.extensions["loa"].config
    identity = StationIdentity.load_or_create(config.data_dir.absolute(), config.station.id)
    with commune.database.reading() as s:
        head = heads.head(s)
    assert head is not None
    page = commune.browser().get(f"/reports?{NOVEMBER}").text
    assert "Đầu sổ kiểm tra khi lập báo cáo: " in page
    answer = commune.app.test_client().get("/api/v1/reports/2026-11", headers=commune.token("canbo")).json
    said = AuditHead(**answer["audit_head"])
    assert said.entry >= head.entry
    assert signing.is_head_of(said, station=identity.station, key=identity.public_key)
