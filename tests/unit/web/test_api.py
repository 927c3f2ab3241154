"""``/api/v1``: the same work as in the console, for programs."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from broadcaster.station.people import tokens
from broadcaster.station.schema import ApiToken
from tests.unit.web.commune import Commune

pytestmark = pytest.mark.integration
DRAFT = {"title": "Họp thôn", "text": "Mời bà con họp lúc 19h30.", "zones": ["Lủng Pảng"], "class": "routine"}


@pytest.fixture
def api(commune: Commune) -> FlaskClient:
    return commune.app.test_client()


def test_an_announcement_goes_all_the_way_to_a_broadcast(commune: Commune, api: FlaskClient) -> None:
    officer, chair = commune.token("canbo"), commune.token("chutich")
    created = api.post("/api/v1/announcements", json=DRAFT, headers=officer)
    assert created.status_code == 201
    made = created.json["id"]
    assert created.json["status"] == "draft"
    assert "mười chín giờ" in created.json["script"]
    assert created.json["clip"] is None
    assert created.json["rendering"]["status"] == "queued"
    commune.make_clips()
    shown = api.get(f"/api/v1/announcements/{made}", headers=officer).json
    assert shown["clip"]["seconds"] == 21.0
    assert api.get(shown["clip"]["url"], headers=officer, buffered=True).mimetype == "audio/ogg"
    submitted = api.post(f"/api/v1/announcements/{made}/submit", headers=officer)
    assert submitted.json["status"] == "pending_approval"
    assert api.post(f"/api/v1/announcements/{made}/approve", headers=officer).status_code == 403
    seal = {"content_hash": submitted.json["content_hash"]}
    unheard = api.post(f"/api/v1/announcements/{made}/approve", json={}, headers=chair)
    assert (unheard.status_code, unheard.json["code"]) == (422, "approval.hash_missing")
    assert api.post(f"/api/v1/announcements/{made}/approve", json=seal, headers=chair).json["status"] == "approved"
    ordered = api.post("/api/v1/broadcasts", json={"announcement": made, "start_at": None}, headers=officer)
    assert ordered.status_code == 201
    broadcast = api.get(f"/api/v1/broadcasts/{ordered.json['id']}", headers=officer).json
    assert broadcast["status"] == "scheduled"
    assert broadcast["deliveries"] == [
        {
            "node": "loa-lung-pang",
            "name": "Loa Lủng Pảng",
            "status": "planned",
            "languages": ["vi"],
            "started_at": None,
            "ended_at": None,
            "played_seconds": 0.0,
            "error": None,
            "error_code": None,
            "heard": None,
            "shown": False,
        }
    ]
    assert api.delete(f"/api/v1/broadcasts/{ordered.json['id']}", headers=officer).json["status"] == "cancelled"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({**DRAFT, "zones": ["Bản Không Có"]}, ("zones", "Bản Không Có")),
        ({**DRAFT, "zones": []}, ("zones", "Hãy")),
        ({**DRAFT, "text": "   "}, ("text", "trống")),
        ({**DRAFT, "text": "🎉"}, ("text", "không có từ nào đọc được")),
        ({**DRAFT, "text": "Bà con chú ý. " * 14_000}, ("text", "nhiều nhất là 20.000")),
        ({**DRAFT, "class": "loud"}, ("class", "class")),
        ({"text": "x", "zones": ["lung-vai"]}, ("title", "Thiếu trường “title”")),
        ({**DRAFT, "titel": "x"}, ("titel", "Không có trường “titel”")),
        ({**DRAFT, "title": 7}, ("title", "không đúng")),
        ({**DRAFT, "repeats": 99}, ("repeats", "từ 1 đến")),
        ({**DRAFT, "valid_until_at": "2026-11-21T17:00:00"}, ("valid_until_at", "không đúng")),
    ],
)
def test_what_cannot_be_accepted_names_the_field(
    commune: Commune, api: FlaskClient, body: dict[str, object], expected: tuple[str, str]
) -> None:
    answer = api.post("/api/v1/announcements", json=body, headers=commune.token())
    assert answer.status_code == 422
    field, words = expected
    assert answer.json["field"] == field
    assert words in answer.json["message"]


def test_a_body_that_is_not_json_is_said(commune: Commune, api: FlaskClient) -> None:
    answer = api.post("/api/v1/announcements", data=b"{oops", headers=commune.token())
    assert answer.status_code == 422
    assert "JSON" in answer.json["message"]


def test_a_start_in_the_past_names_the_field(commune: Commune, api: FlaskClient) -> None:
    past = (commune.clock() - timedelta(hours=1)).isoformat()
    body = {"announcement": commune.approved(), "start_at": past}
    answer = api.post("/api/v1/broadcasts", json=body, headers=commune.token())
    assert (answer.status_code, answer.json["field"]) == (422, "start_at")


def test_the_same_key_orders_once(commune: Commune, api: FlaskClient) -> None:
    body = {"announcement": commune.approved(), "key": "order-7"}
    headers = commune.token()
    first, second = (api.post("/api/v1/broadcasts", json=body, headers=headers).json["id"] for _ in range(2))
    assert first == second


def test_a_stale_edit_is_a_conflict(commune: Commune, api: FlaskClient) -> None:
    made, headers = commune.write(), commune.token()
    edit = {"revision": 1, "text": "Đổi giờ họp: 20h."}
    assert api.patch(f"/api/v1/announcements/{made}", json=edit, headers=headers).json["revision"] == 2
    answer = api.patch(f"/api/v1/announcements/{made}", json=edit, headers=headers)
    assert answer.status_code == 409
    assert "Nguyễn Thị Lan" in answer.json["message"]


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer loa_wrong", "Basic Y2FuYm86eA=="])
def test_without_a_good_token_nothing_is_told(commune: Commune, api: FlaskClient, header: str) -> None:
    answer = api.get("/api/v1/nodes", headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer.json["field"] is None
    assert answer.json["message"]
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_ends_when_it_expires_and_when_it_is_revoked(commune: Commune, api: FlaskClient) -> None:
    headers, others = commune.token(), commune.token("chutich")
    assert api.get("/api/v1/nodes", headers=headers).status_code == 200
    with commune.database.session() as s:
        mine = s.query(ApiToken).order_by(ApiToken.created_at).first()
        assert mine
        assert mine.used_at == commune.clock()
        tokens.revoke_token(s, token_id=mine.id, by=None, now_at=commune.clock())
    refused = [api.get("/api/v1/nodes", headers=each).status_code for each in (headers, others)]
    assert sorted(refused) == [200, 401]
    commune.clock.move(days=400)
    assert api.get("/api/v1/nodes", headers=others).status_code == 401


def test_a_login_cookie_opens_nothing_in_the_api(commune: Commune) -> None:
    assert commune.browser().get("/api/v1/nodes").status_code == 401


def test_an_unknown_path_and_a_wrong_method_are_json(commune: Commune, api: FlaskClient) -> None:
    assert api.get("/api/v1/khong-co").json["message"]
    assert api.put("/api/v1/nodes").json["message"]


def test_unknown_things_are_not_found_in_words(commune: Commune, api: FlaskClient) -> None:
    headers = commune.token()
    for path in ("announcements/x", "broadcasts/x", "slots/x", f"clips/{'0' * 64}.ogg"):
        answer = api.get(f"/api/v1/{path}", headers=headers)
        assert answer.status_code == 404, path
        assert answer.json["message"], path


def test_slots_are_made_filled_and_removed(commune: Commune, api: FlaskClient) -> None:
    headers = commune.token()
    rule = {"name": "Chiều", "weekdays": [0, 2], "times": ["17:00"], "zones": ["lung-vai"]}
    slot = api.post("/api/v1/slots", json=rule, headers=headers).json
    filled = api.post(f"/api/v1/slots/{slot['id']}/items", json={"announcement": commune.approved()}, headers=headers)
    assert filled.status_code == 201
    assert filled.json["zones"] == [{"id": "lung-vai", "name": "Lủng Vai"}]
    item = filled.json["items"][0]
    assert item["first_on"] == "2026-11-23"
    assert api.put(f"/api/v1/slots/{slot['id']}", json={**rule, "times": ["18:00"]}, headers=headers).json["times"] == [
        "18:00"
    ]
    assert api.delete(f"/api/v1/slots/{slot['id']}/items/{item['id']}", headers=headers).status_code == 204
    gone = api.delete(f"/api/v1/slots/{slot['id']}", headers=headers)
    assert (gone.status_code, gone.data, gone.content_type) == (204, b"", None)
    assert api.get("/api/v1/slots", headers=headers).json == []


def test_lists_come_in_pages_and_can_be_narrowed(commune: Commune, api: FlaskClient) -> None:
    commune.write()
    commune.approved("Đã duyệt rồi")
    headers = commune.token()
    found = api.get("/api/v1/announcements?status=approved", headers=headers).json
    assert [each["title"] for each in found["items"]] == ["Đã duyệt rồi"]
    assert api.get("/api/v1/announcements?status=nonsense", headers=headers).json["field"] == "status"
    assert api.get("/api/v1/announcements?page=0", headers=headers).json["field"] == "page"
    assert api.get("/api/v1/broadcasts", headers=headers).json["total"] == 0


def test_zones_and_nodes_are_told(commune: Commune, api: FlaskClient) -> None:
    headers = commune.token("khach")
    zones = {zone["id"]: zone["nodes"] for zone in api.get("/api/v1/zones", headers=headers).json}
    assert zones["lung-vai"] == ["loa-lung-vai"]
    assert len(zones["con-minh"]) == 3
    assert {node["presence"] for node in api.get("/api/v1/nodes", headers=headers).json} == {"never"}


def test_health_needs_no_token(api: FlaskClient) -> None:
    assert api.get("/api/v1/health").json["status"] in ("ok", "degraded")


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ({"kind": "lunar_monthly", "days": [15, 1]}, "âm lịch hằng tháng: mùng 1, rằm"),
        ({"kind": "monthly_weekday", "nth": 1, "weekday": 0}, "thứ Hai đầu tiên của tháng"),
        ({"weekdays": [0, 1], "holidays": "skip"}, "thứ Hai, thứ Ba, trừ ngày lễ"),
    ],
)
def test_a_slot_may_recur_by_week_month_year_or_moon(
    commune: Commune, api: FlaskClient, rule: dict[str, object], days: str
) -> None:
    body = {"name": "Rằm", "times": ["17:00"], "zones": ["con-minh"], "paused_until_on": "2026-12-01", **rule}
    made = api.post("/api/v1/slots", json=body, headers=commune.token())
    assert (made.status_code, made.json["days"]) == (201, days)


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ({"kind": "lunar_yearly", "month": 1}, "day"),
        ({}, "weekdays"),
        ({"kind": "monthly", "days": [32]}, "rule"),
        ({"weekdays": [0], "timezone": "Asia/Con_Minh"}, "timezone"),
    ],
)
def test_a_rule_without_its_days_names_the_field(
    commune: Commune, api: FlaskClient, rule: dict[str, object], field: str
) -> None:
    body = {"name": "Rằm", "times": ["17:00"], "zones": ["con-minh"], **rule}
    refused = api.post("/api/v1/slots", json=body, headers=commune.token())
    assert (refused.status_code, refused.json["field"]) == (422, field)


def test_a_slot_may_be_meant_in_a_zone_of_its_own_and_keeps_it(commune: Commune, api: FlaskClient) -> None:
    headers = commune.token()
    body = {"name": "Sáng", "weekdays": [0], "times": ["05:00"], "zones": ["con-minh"]}
    made = api.post("/api/v1/slots", json=body | {"timezone": "Asia/Bangkok"}, headers=headers).json
    assert made["timezone"] == "Asia/Bangkok"
    edited = api.put(f"/api/v1/slots/{made['id']}", json=body | {"times": ["06:00"]}, headers=headers).json
    assert (edited["timezone"], edited["times"]) == ("Asia/Bangkok", ["06:00"])


def test_the_api_names_the_nodes_that_have_not_confirmed(commune: Commune, api: FlaskClient) -> None:
    headers = commune.token()
    ordered = api.post("/api/v1/broadcasts", json={"announcement": commune.approved()}, headers=headers).json
    assert len(api.get("/api/v1/unconfirmed", headers=headers).json) == 3
    waiting = api.get(f"/api/v1/broadcasts/{ordered['id']}/unconfirmed", headers=headers).json
    assert [each["presence"] for each in waiting] == ["never", "never"]
