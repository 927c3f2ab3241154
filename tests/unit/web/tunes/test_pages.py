"""Nhạc của đài: uploaded by one person, heard and approved by another, chosen in a slot's form."""

import io

import pytest

from broadcaster.rendering import RenderedClip, TunePlan
from broadcaster.station_clip_production import make_tune
from tests.rig.commune import rendered
from tests.unit.web.commune import MORNING, Commune, send
from tests.unit.web.page_forms import fields

pytestmark = pytest.mark.integration
SLOT = {"name": "Chiều", "kind": "weekly", "weekdays": ["0"], "times": "17:00", "zones": ["con-minh"]}
UPLOAD = {"kind": "opening", "name": "Quê hương"}


class Maker:
    def render_tune(self, plan: TunePlan) -> RenderedClip:
        return rendered(plan.recording, duration_ms=8_000)


def upload(commune: Commune, username: str = "canbo", **changes: str) -> int:
    sent = {**UPLOAD, **changes, "recording": (io.BytesIO(b"tieng nhac"), "que-huong.mp3")}
    return send(commune.browser(username), "/tunes", sent).status_code


def made(commune: Commune) -> dict[str, str]:
    make_tune(commune.database, Maker(), worker="test", clock=lambda: MORNING)
    answer = commune.app.test_client().get("/api/v1/tunes", headers=commune.token("khach"))
    assert answer.json is not None
    found: dict[str, str] = answer.json[0]
    return found


def test_one_uploads_another_approves_and_a_slot_takes_it(commune: Commune) -> None:
    assert upload(commune) == 302
    tune = made(commune)
    assert (tune["name"], tune["kind"], tune["approved_by"]) == ("Quê hương", "opening", None)
    page = commune.browser("chutich").get("/approvals").text
    assert "1 bản nhạc của đài đang chờ duyệt" in page
    act = f"/tunes/{tune['id']}/approve"
    assert send(commune.browser("canbo"), act, {"clip_sha256": tune["clip"]}).status_code == 403
    assert send(commune.browser("chutich"), act, {"clip_sha256": "0" * 64}).status_code == 409
    assert send(commune.browser("chutich"), act, {"clip_sha256": tune["clip"]}).status_code == 302
    browser = commune.browser()
    answer = send(browser, "/slots", {**SLOT, "cap_minutes": "45", "opening_tune_id": tune["id"]})
    assert answer.status_code == 302, answer.text
    shown = fields(browser.get(answer.headers["Location"] + "/edit").text, form="slot-form")
    assert shown["opening_tune_id"] == [tune["id"]]


def test_a_mistake_is_said_on_the_page_and_a_stranger_uploads_nothing(commune: Commune) -> None:
    assert upload(commune, kind="jingle") == 422
    assert upload(commune, username="khach") == 403
    page = send(commune.browser(), "/tunes", UPLOAD)
    assert page.status_code == 422
    assert "Nhạc của đài" in page.text


def test_a_program_uploads_approves_chooses_and_removes(commune: Commune) -> None:
    api = commune.app.test_client()
    sent = api.post("/api/v1/tunes?kind=bed&name=Nền", data=b"nhac", headers=commune.token("canbo"))
    assert sent.status_code == 201, sent.text
    tune = made(commune)
    heard = {"clip": tune["clip"]}
    assert (
        api.post(f"/api/v1/tunes/{tune['id']}/approve", json=heard, headers=commune.token("quantri")).status_code == 403
    )
    released = api.post(f"/api/v1/tunes/{tune['id']}/approve", json=heard, headers=commune.token("chutich"))
    assert released.json is not None
    assert released.json["approved_by"]
    body = {"name": "Sáng", "weekdays": [0], "times": ["05:00"], "zones": ["con-minh"], "bed": tune["id"]}
    slot = api.post("/api/v1/slots", json=body, headers=commune.token("canbo"))
    assert slot.json is not None
    assert slot.json["bed"] == tune["id"]
    assert (
        api.post("/api/v1/slots", json=body | {"filler": tune["id"]}, headers=commune.token("canbo")).status_code == 422
    )
    assert api.delete(f"/api/v1/tunes/{tune['id']}", headers=commune.token("canbo")).status_code == 204
    assert api.get("/api/v1/tunes", headers=commune.token("canbo")).json == []
