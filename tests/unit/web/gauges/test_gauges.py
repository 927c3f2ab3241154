"""Gauges in the console and for programs."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from broadcaster.station.announcements import announcements
from broadcaster.station.gauges import allowances, rules
from broadcaster.station.people import people
from broadcaster.station.schema import Broadcast, GaugeReading
from broadcaster.station.schema.announcement_fields import AnnouncementFields
from tests.unit.web.commune import Commune, send

pytestmark = pytest.mark.integration
AT = datetime(2026, 11, 30, 13, 5, tzinfo=UTC)
API = "/api/v1"
GAUGE = {
    "name": "Suối Nà Cà", "unit": "ban-cuon", "measure": "water_level", "physical_unit": "m", "lowest": 0, "highest": 9,
}  # fmt: skip
RULE = {"name": "Báo động 2", "does": "speak", "level": "3,0", "ends": "2", "in_row": "3", "rest_minutes": "60"}


@pytest.fixture(autouse=True)
def _evening(commune: Commune) -> None:
    commune.clock.now_at = AT


def add(commune: Commune, **more: object) -> tuple[str, dict[str, str]]:
    """A gauge; its id, and the header it sends."""
    made = commune.app.test_client().post(f"{API}/gauges", json=GAUGE | more, headers=commune.token("quantri")).json
    assert made
    return made["id"], {"Authorization": f"Bearer {made['token']}"}


def push(commune: Commune, headers: dict[str, str], *values: float, **more: object) -> TestResponse:
    said = [
        {"at": (AT - timedelta(minutes=len(values) - number)).isoformat(), "value": value}
        for number, value in enumerate(values)
    ]
    return commune.app.test_client().post(f"{API}/readings", json={"readings": said} | more, headers=headers)


def emergency(commune: Commune) -> str:
    with commune.database.session() as s:
        written = AnnouncementFields(
            title="Nước dâng", text="Bà con lên chỗ cao.", zones=["ban-cuon"], broadcast_class="emergency"
        )
        made = announcements.create(s, written, by=commune._person(s, "canbo"), now_at=AT).id
    commune.make_clips()
    return made


def test_a_gauge_pushes_readings_and_pushes_them_again(commune: Commune) -> None:
    gauge, headers = add(commune)
    first, second = push(commune, headers, 1.0, 1.5), push(commune, headers, 1.0, 1.5, gauge=gauge)
    assert (first.json, second.json) == (
        {"gauge": gauge, "taken": 2, "known": 0},
        {"gauge": gauge, "taken": 0, "known": 2},
    )
    browser = commune.browser("khach")
    assert "1.5 m" in browser.get("/gauges").text
    assert "1.5 m" in browser.get(f"/gauges/{gauge}").text


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b'{"readings":[{"at":"2026-11-30T13:04:00Z","value":NaN}]}', 422, "api.not_json"),
        (b'{"readings":[{"at":"2026-11-30T13:04:00Z","value":1e999}]}', 422, None),
        (b'{"readings":[{"at":"2026-11-30T13:04:00","value":1}]}', 422, "api.field_wrong"),
        (b'{"readings":[{"at":"2026-11-30T14:04:00Z","value":1}]}', 422, "reading.from_future"),
        (b'{"readings":[{"at":"2026-11-01T13:04:00Z","value":1}]}', 422, "reading.too_old"),
        (b'{"readings":[{"at":"2026-11-30T13:04:00Z","value":12}]}', 422, "reading.out_of_range"),
        (b'{"readings":[]}', 422, "api.field_wrong"),
        (b'{"gauge":"khac_1","readings":[{"at":"2026-11-30T13:04:00Z","value":1}]}', 403, "reading.of_another"),
        (b" " * 100_001, 422, "reading.too_many"),
    ],
)
def test_what_no_sound_gauge_sends_is_refused_with_a_code(
    commune: Commune, body: bytes, status: int, code: str | None
) -> None:
    _, headers = add(commune)
    answer = commune.app.test_client().post(f"{API}/readings", data=body, headers=headers)
    assert answer.status_code == status
    assert answer.json
    assert code is None or answer.json["code"] == code
    with commune.database.reading() as s:
        assert s.query(GaugeReading).count() == 0


def test_another_value_at_the_same_instant_is_refused(commune: Commune) -> None:
    _, headers = add(commune)
    push(commune, headers, 1.0)
    again = push(commune, headers, 1.1)
    assert (again.status_code, again.json and again.json["code"]) == (409, "reading.differs")


def test_readings_need_a_token_that_may_send_them(commune: Commune) -> None:
    gauge, headers = add(commune)
    other, _ = add(commune, name="Cầu treo")
    for sender, named, status in (
        ({}, gauge, 401),
        ({"Authorization": "Bearer x"}, gauge, 401),
        (headers, other, 403),
        (commune.token("khach"), gauge, 403),
        (commune.token("quantri"), "", 422),
        (commune.token("quantri"), gauge, 200),
    ):
        assert push(commune, sender, 1.0, gauge=named).status_code == status
    renewed = commune.app.test_client().post(f"{API}/gauges/{gauge}/token", headers=commune.token("quantri")).json
    assert renewed
    assert push(commune, headers, 1.0).status_code == 401
    assert push(commune, {"Authorization": f"Bearer {renewed['token']}"}, 1.0).status_code == 200


def test_an_administrator_adds_a_gauge_on_the_page_and_sees_its_token_once(commune: Commune) -> None:
    browser = commune.browser("quantri")
    form = GAUGE | {"lowest": "0", "highest": "9,5"}
    assert "Mã chỉ hiện một lần này" in send(browser, "/gauges", form).text
    assert "Mã chỉ hiện một lần này" not in browser.get("/gauges").text
    refused = send(browser, "/gauges", form | {"highest": "nhiều"})
    assert (refused.status_code, "Hãy nhập một số" in refused.text) == (422, True)
    assert commune.browser("khach").get("/gauges").text.count("<form method") < browser.get("/gauges").text.count(
        "<form method"
    )


def test_two_people_let_a_rule_speak_on_the_page_and_test_it(commune: Commune) -> None:
    gauge, _ = add(commune)
    words = emergency(commune)
    officer = commune.browser("canbo")
    assert send(officer, "/gauges/rules", RULE | {"gauge": gauge, "announcement": words}).status_code == 302
    commune.make_clips()
    with commune.database.session() as s:
        [rule] = rules.listing(s)
        seal = allowances.seal(rule)
        people.add_person(
            s,
            username="pho",
            full_name="Lý Thị Mai",
            password=None,
            roles=[("con-minh", "approver")],
            by=None,
            now_at=AT,
        )
    first, second = commune.browser("chutich"), commune.browser("pho")
    assert send(first, f"/gauges/rules/{rule.id}/allow", {"seal": seal}).status_code == 302
    assert "chờ người thứ hai" in first.get("/gauges").text
    with commune.database.reading() as s:
        [asked] = allowances.listing(s, rules.get(s, rule.id))
    confirm = f"/gauges/rules/allowances/{asked.id}/confirm"
    assert send(first, confirm, {"seal": seal}).status_code == 403
    assert send(second, confirm, {"seal": "khác"}).status_code == 409
    assert send(second, confirm, {"seal": seal}).status_code == 302
    assert "cho tự phát" in second.get("/gauges").text
    assert send(officer, f"/gauges/rules/{rule.id}/test", {"key": "mot"}).status_code == 302
    with commune.database.reading() as s:
        assert [each.drill for each in s.query(Broadcast).all()] == [True]
    assert send(officer, f"/gauges/rules/{rule.id}", RULE | {"announcement": words, "level": "4"}).status_code == 302
    assert "không còn hiệu lực" in first.get("/gauges").text


def test_a_rule_that_cannot_be_is_refused_beside_its_field(commune: Commune) -> None:
    gauge, _ = add(commune)
    words = emergency(commune)
    headers = commune.token("canbo")
    sound: dict[str, Any] = {"gauge": gauge, "name": "Quy tắc", "does": "speak", "level": 3, "ends": 2}
    sound["announcement"] = words
    for change, code in (
        ({"ends": 3}, "gauge_rule.ends_wrong"),
        ({"level": 99}, "gauge_rule.beyond_range"),
        ({"does": "sing"}, "gauge_rule.action_unknown"),
        ({"announcement": ""}, "gauge_rule.no_words"),
        ({"announcement": commune.write()}, "gauge_rule.words_no_warning"),
        ({"partner": gauge, "partner_level": 1}, "gauge_rule.own_partner"),
        ({"rest_seconds": 10}, "gauge_rule.out_of_range"),
    ):
        answer = commune.app.test_client().post(f"{API}/gauge-rules", json=sound | change, headers=headers)
        assert (answer.status_code, answer.json and answer.json["code"]) == (422, code)
    made = commune.app.test_client().post(f"{API}/gauge-rules", json=sound, headers=headers)
    assert made.status_code == 201
    page = send(commune.browser("canbo"), "/gauges/rules", RULE | {"gauge": gauge, "ends": "5"})
    assert (page.status_code, "phía an toàn" in page.text) == (422, True)
