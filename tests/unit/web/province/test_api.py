"""A level above through the API: its communes with what may be done, and the way from another platform and back."""

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from broadcaster.exchange import mapping
from broadcaster.protocol.exchange.messages import Report, Reports
from broadcaster.station.province import communes, taking_reports
from broadcaster.station.rows import heartbeats, settings
from broadcaster.station.schema import ProvinceCommune
from tests.unit.web.commune import MORNING, Commune

pytestmark = pytest.mark.integration
API = "/api/v1/province"
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
EXAMPLE = Path(__file__).parents[4] / "docs" / "exchange-mapping.yaml"
RECORD: dict[str, Any] = {
    "maBanTin": "BT-7",
    "tieuDe": "Cấm đường",
    "noiDung": {"vanBan": "Cấm xe qua cầu."},
    "mucDo": 2,
    "maXa": ["vi-huong"],
}


@pytest.fixture
def client(commune: Commune) -> FlaskClient:
    with commune.database.session() as s:
        settings.write(s, "level", "province")
        by = commune._person(s, "quantri")
        communes.add(s, name="Xã Vi Hương", station="vi-huong", by=by, now_at=MORNING)
    return commune.app.test_client()


def known(client: FlaskClient, commune: Commune, username: str) -> dict[str, Any]:
    """The only commune, as this person is answered."""
    (found,) = client.get(f"{API}/communes", headers=commune.token(username)).json or []
    return dict(found)


def test_the_steps_of_a_commune_are_those_that_are_not_refused(client: FlaskClient, commune: Commune) -> None:
    administrator, one = commune.token("quantri"), f"{API}/communes/vi-huong"
    assert known(client, commune, "canbo")["steps"] == []
    assert known(client, commune, "quantri")["steps"] == ["close", "renew"]
    assert client.post(f"{one}/seen", headers=administrator).status_code == 409
    with commune.database.session() as s:
        s.get_one(ProvinceCommune, "vi-huong").went_back_at = MORNING
    assert known(client, commune, "quantri")["steps"] == ["close", "renew", "seen"]
    assert client.post(f"{one}/seen", headers=commune.token("canbo")).status_code == 403
    assert client.post(f"{one}/seen", headers=administrator).status_code == 204
    assert "seen" not in known(client, commune, "quantri")["steps"]
    code = (client.post(f"{one}/renew", headers=administrator).json or {})["code"]
    assert code.count("/") == 4
    assert known(client, commune, "quantri")["code"] is None
    assert client.delete(one, headers=administrator).status_code == 204
    assert client.post(f"{one}/renew", headers=administrator).status_code == 409
    assert client.get(f"{API}/communes", headers=administrator).json == []


def test_a_commune_is_added_and_its_code_is_answered(client: FlaskClient, commune: Commune) -> None:
    wanted = {"name": "Xã Đại Dực"}
    added = client.post(f"{API}/communes", json=wanted, headers=commune.token("quantri"))
    assert added.json
    assert (added.status_code, added.json["id"], added.json["nodes"]) == (201, "xa-dai-duc", 0)
    assert added.json["code"]


def test_what_nobody_sent_is_put_away(client: FlaskClient, commune: Commune) -> None:
    headers = commune.token()
    made = client.post(f"{API}/items", json={"title": "Một", "text": "Mời."}, headers=headers).json or {}
    assert "drop" in made["steps"]
    assert client.delete(f"{API}/items/{made['id']}", headers=headers).status_code == 204
    assert client.delete(f"{API}/items/{made['id']}", headers=headers).status_code == 409
    assert client.get(f"{API}/items", headers=headers).json == []


def test_another_platform_s_announcement_comes_in_once_and_is_reported_by_its_own_id(
    client: FlaskClient, commune: Commune
) -> None:
    platform, headers = mapping.read(EXAMPLE), commune.token()
    (body,) = mapping.items(platform, {"duLieu": {"danhSach": [RECORD]}})
    answers = [client.post(f"{API}/items", json=body, headers=headers) for _ in range(2)]
    made = answers[0].json or {}
    assert ([each.status_code for each in answers], answers[1].json) == ([201, 201], made)
    assert (made["given_id"], made["communes"]) == ("BT-7", ["vi-huong"])
    changed = client.post(f"{API}/items", json=body | {"text": "Khác."}, headers=headers)
    assert (changed.status_code, (changed.json or {})["code"]) == (409, "province.id_known")
    release = f"{API}/items/{made['id']}/release"
    assert client.post(release, headers=commune.token("chutich")).status_code == 204
    report(commune, made["id"])
    stated = client.get(f"{API}/reports", headers=headers).json or []
    assert [mapping.report(platform, each) for each in stated] == [
        {
            "phienBan": 1,
            "maBanTin": "BT-7",
            "maXa": "vi-huong",
            "trangThai": {"ma": "KHONG_CHON", "thoiGian": f"{MORNING.astimezone(VIETNAM):%d/%m/%Y %H:%M}"},
            "ghiChu": "Đã phát",
        }
    ]


def report(commune: Commune, item: str) -> None:
    stated = Report(report="report-1", number=1, item=item, kind="declined", at=MORNING, words="Đã phát")
    with commune.database.session() as s:
        sent = Reports(commune="vi-huong", upper="loa", sent_at=MORNING, reports=(stated,))
        taking_reports.take(s, communes.get(s, "vi-huong"), sent, now_at=MORNING)


def test_a_level_above_is_well_without_a_broker(client: FlaskClient, commune: Commune) -> None:
    with commune.database.session() as s:
        heartbeats.beat(s, "station", commune.clock())
    answer = client.get("/api/v1/health", headers=commune.token()).json or {}
    assert (answer["status"], answer["station"], "broker" in answer) == ("ok", "ok", False)
