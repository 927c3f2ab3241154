"""Sources of warnings in the console and for programs."""

import io
from datetime import UTC, datetime
from html import escape

import pytest

from broadcaster.refusals.sentences import table
from broadcaster.station.people import people
from tests.rig.alerts.warnings import AREA, INFO, Signer, document
from tests.unit.web.commune import Commune, send

pytestmark = pytest.mark.integration
SERVICE = Signer()
AT = datetime(2026, 11, 30, 13, 5, tzinfo=UTC)
API = "/api/v1"


@pytest.fixture(autouse=True)
def _evening(commune: Commune) -> None:
    commune.clock.now_at = AT


def add(commune: Commune) -> tuple[str, dict[str, str]]:
    """A source; its id, and the header its pusher sends."""
    wanted = {"name": "Đài KTTV", "certificate": SERVICE.pem}
    made = commune.app.test_client().post(f"{API}/alert-sources", json=wanted, headers=commune.token("quantri")).json
    assert made
    return made["id"], {"Authorization": f"Bearer {made['token']}"}


def test_a_pushed_warning_waits_on_the_page_with_a_way_to_its_order(commune: Commune) -> None:
    _, pusher = add(commune)
    pushed = commune.app.test_client().post(f"{API}/alerts/push", data=SERVICE.sign(document()), headers=pusher)
    assert pushed.status_code == 200
    assert pushed.json
    assert (pushed.json["outcome"], pushed.json["drill"]) == ("prepared", False)
    page = commune.browser().get("/alerts").text
    assert "CẢNH BÁO LŨ QUÉT" in page
    assert f"/emergency/order/{pushed.json['announcement']}" in page


def test_a_pusher_without_its_token_is_refused(commune: Commune) -> None:
    _, pusher = add(commune)
    client = commune.app.test_client()
    for headers in ({}, {"Authorization": "Bearer x"}, commune.token("canbo")):
        assert client.post(f"{API}/alerts/push", data=b"<alert/>", headers=headers).status_code == 401
    assert client.post(f"{API}/alerts/push", data=b" " * 1_000_001, headers=pusher).status_code == 422


def test_what_is_refused_stands_on_the_page_with_its_reason(commune: Commune) -> None:
    source, _ = add(commune)
    browser = commune.browser()
    given = {"file": (io.BytesIO(document()), "canh-bao.xml")}
    assert send(browser, f"/alerts/sources/{source}/upload", given).status_code == 302
    page = browser.get("/alerts").text
    assert "bị từ chối" in page
    assert "Thông báo không có chữ ký" in page


def test_an_administrator_adds_a_source_on_the_page_and_sees_its_token_once(commune: Commune) -> None:
    browser = commune.browser("quantri")
    added = send(browser, "/alerts", {"name": "Đài", "url": "", "certificate": SERVICE.pem})
    assert "Mã chỉ hiện một lần này" in added.text
    assert "Mã chỉ hiện một lần này" not in browser.get("/alerts").text
    refused = send(browser, "/alerts", {"name": "Đài hai", "url": "", "certificate": "xin chào"})
    assert refused.status_code == 422
    assert "Đài hai" in refused.text
    assert "BEGIN CERTIFICATE" in refused.text


def test_two_people_let_a_source_sound_by_itself(commune: Commune) -> None:
    source, _ = add(commune)
    with commune.database.session() as s:
        roles = [("con-minh", "approver")]
        people.add_person(
            s, username="phochutich", full_name="Lý Thị Mai", password=None, roles=roles, by=None, now_at=AT
        )
    first, second = commune.browser("chutich"), commune.browser("phochutich")
    assert send(first, f"/alerts/sources/{source}/allow").status_code == 302
    assert "chờ người thứ hai" in first.get("/alerts").text
    listed = commune.app.test_client().get(f"{API}/alert-sources", headers=commune.token("chutich")).json
    assert listed
    [allowance] = listed[0]["allowances"]
    assert send(first, f"/alerts/allowances/{allowance['id']}/confirm").status_code == 403
    assert send(second, f"/alerts/allowances/{allowance['id']}/confirm").status_code == 302
    assert "của nguồn này tự phát" in second.get("/alerts").text
    ended = commune.app.test_client().delete(
        f"{API}/alert-allowances/{allowance['id']}", headers=commune.token("chutich")
    )
    assert ended.status_code == 204


def test_who_may_not_order_emergencies_sees_no_sources(commune: Commune) -> None:
    assert commune.browser("khach").get("/alerts").status_code == 403
    assert commune.app.test_client().get(f"{API}/alerts", headers=commune.token("khach")).status_code == 403


POLYGON_END = "22.30,105.80 22.00,105.80"
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY h "ha"><!ENTITY i "&h;&h;&h;&h;">]>'
    b'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>&i;</identifier></alert>'
)
OUTSIDE = LAUGHS.replace(b'"ha"', b'SYSTEM "file:///etc/passwd"')


def test_every_bad_input_stands_on_the_page_with_its_reason(commune: Commune) -> None:
    _, pusher = add(commune)
    client = commune.app.test_client()
    good = SERVICE.sign(document())
    end = good.rindex(b"</alert>")
    forged = document(identifier="X-1").replace(b"</alert>", good[good.index(b"<alert") : end] + b"</alert></alert>")
    expired = document(identifier="X-2", infos=INFO.format(area=AREA).replace("2026-12-01T05", "2026-11-30T20"))
    given = {
        "alert.identifier_used": SERVICE.sign(document(infos=INFO.format(area=AREA).replace("ven suối", "nhà"))),
        "alert.expired": SERVICE.sign(expired),
        "alert.from_future": SERVICE.sign(document(identifier="X-3", sent="2026-11-30T23:00:00+07:00")),
        "cap.polygon_open": SERVICE.sign(
            document(identifier="X-4", area=AREA.replace(POLYGON_END, "22.3,105.8 22.1,105.9"))
        ),
        "cap.signature_wrong": Signer("Người lạ").sign(document(identifier="X-5")),
        "cap.unsigned": document(identifier="X-6"),
        "cap.too_large": b" " * 1_000_001,
        "cap.dangerous": LAUGHS,
        "outside": OUTSIDE,
        "wrapped": forged,
    }
    client.post(f"{API}/alerts/push", data=good, headers=pusher)
    for each in given.values():
        client.post(f"{API}/alerts/push", data=each, headers=pusher)
    stated = client.get(f"{API}/alerts", headers=commune.token()).json
    assert stated
    reasons = [each["reason"] for each in stated if each["reason"]]
    assert len(reasons) == len(given)
    assert set(given) - {"outside", "wrapped"} <= set(reasons)
    page = commune.browser().get("/alerts").text
    sentences = table("vi")
    assert [each for each in reasons if escape(sentences[each].split("{")[0]) not in page] == []
    assert len([each for each in stated if each["outcome"] == "prepared"]) == 1
