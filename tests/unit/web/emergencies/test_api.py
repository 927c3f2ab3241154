"""Emergencies through the API."""

import pytest
from flask.testing import FlaskClient

from tests.unit.web.commune import Commune

pytestmark = pytest.mark.integration
ORDERS = "/api/v1/emergency-orders"


@pytest.fixture
def api(commune: Commune) -> FlaskClient:
    return commune.app.test_client()


@pytest.fixture
def book(commune: Commune, api: FlaskClient) -> list[str]:
    """Ids of the ready texts, with their clips, not yet approved."""
    filled = api.post("/api/v1/phrases", json={"zones": ["con-minh"]}, headers=commune.token())
    commune.make_clips()
    return [each["id"] for each in filled.json]


def meant(commune: Commune, announcement_id: str, *, drill: bool = False) -> dict[str, object]:
    """What each of the two says: whether it is a drill, and what was heard."""
    return {"drill": drill, "content_hash": commune.seal(announcement_id)}


def edit(commune: Commune, api: FlaskClient, announcement_id: str) -> None:
    """Say something else, and make its clip."""
    one, headers = f"/api/v1/announcements/{announcement_id}", commune.token()
    revision = api.get(one, headers=headers).json["revision"]
    changed = api.patch(one, json={"text": "Bão đã tan.", "revision": revision}, headers=headers)
    assert changed.status_code == 200, changed.text
    commune.make_clips()


def test_two_people_sound_a_ready_text(commune: Commune, api: FlaskClient, book: list[str]) -> None:
    officer, chair = commune.token("canbo"), commune.token("chutich")
    asked = api.post(ORDERS, json={"announcement": book[0], **meant(commune, book[0])}, headers=officer)
    assert (asked.status_code, asked.json["status"], asked.json["broadcast"]) == (201, "waiting", None)
    one = f"{ORDERS}/{asked.json['id']}"
    assert api.post(f"{one}/confirm", json=meant(commune, book[0]), headers=officer).status_code == 403
    assert [each["id"] for each in api.get(ORDERS, headers=chair).json] == [asked.json["id"]]
    confirmed = api.post(f"{one}/confirm", json=meant(commune, book[0]), headers=chair).json
    assert (confirmed["status"], confirmed["confirmed_by"]) == ("aired", "chutich")
    broadcast = api.get(f"/api/v1/broadcasts/{confirmed['broadcast']}", headers=officer).json
    assert (broadcast["class"], broadcast["live"], broadcast["drill"]) == ("emergency", True, False)
    assert api.get(one, headers=officer).json["status"] == "aired"


def test_a_drill_says_so_from_the_order_to_the_broadcast(commune: Commune, api: FlaskClient, book: list[str]) -> None:
    officer, chair = commune.token("canbo"), commune.token("chutich")
    drill = api.post(f"/api/v1/phrases/{book[0]}/drill", headers=officer).json
    commune.make_clips()
    assert drill["drill"]
    refused = api.post(ORDERS, json={"announcement": drill["id"], **meant(commune, drill["id"])}, headers=officer)
    assert (refused.status_code, refused.json["field"]) == (422, "drill")
    said = meant(commune, drill["id"], drill=True)
    asked = api.post(ORDERS, json={"announcement": drill["id"], **said}, headers=officer).json
    done = api.post(f"{ORDERS}/{asked['id']}/confirm", json=said, headers=chair).json
    assert api.get(f"/api/v1/broadcasts/{done['broadcast']}", headers=officer).json["drill"]


def test_an_order_can_be_refused(commune: Commune, api: FlaskClient, book: list[str]) -> None:
    headers = commune.token()
    asked = api.post(ORDERS, json={"announcement": book[1], **meant(commune, book[1])}, headers=headers).json
    assert api.post(f"{ORDERS}/{asked['id']}/refuse", headers=headers).json["status"] == "refused"


def test_a_declared_emergency_is_reviewed_by_another(commune: Commune, api: FlaskClient, book: list[str]) -> None:
    officer, chair, admin = (commune.token(name) for name in ("canbo", "chutich", "quantri"))
    rules = {"mode": "declared", "confirm_minutes": 5}
    assert api.put("/api/v1/emergency-rules", json=rules, headers=officer).status_code == 403
    assert api.put("/api/v1/emergency-rules", json=rules, headers=admin).json == rules
    assert api.get("/api/v1/emergency-rules", headers=officer).json == rules
    body = {"announcement": book[1], "reason": "Nước lên nhanh.", **meant(commune, book[1])}
    asked = api.post(ORDERS, json=body, headers=officer).json
    assert (asked["status"], asked["review"]) == ("aired", None)
    words = {"words": "Lệnh đúng."}
    reviewed = api.post(f"{ORDERS}/{asked['id']}/review", json=words, headers=chair).json
    assert (reviewed["review"], reviewed["reviewed_by"]) == ("Lệnh đúng.", "chutich")


def test_a_correction_names_what_it_corrects(commune: Commune, api: FlaskClient, book: list[str]) -> None:
    officer, chair = commune.token("canbo"), commune.token("chutich")
    asked = api.post(ORDERS, json={"announcement": book[0], **meant(commune, book[0])}, headers=officer).json
    said = meant(commune, book[0])
    wrong = api.post(f"{ORDERS}/{asked['id']}/confirm", json=said, headers=chair).json["broadcast"]
    body = {"announcement": book[-1], "follows": wrong, **meant(commune, book[-1])}
    assert api.post(ORDERS, json=body, headers=officer).json["follows"] == wrong
    assert api.get(f"/api/v1/broadcasts/{wrong}", headers=officer).json["status"] == "cancelled"


def test_an_order_names_what_was_heard(commune: Commune, api: FlaskClient, book: list[str]) -> None:
    officer = commune.token("canbo")
    unheard = api.post(ORDERS, json={"announcement": book[0], "drill": False}, headers=officer)
    assert (unheard.status_code, unheard.json["code"]) == (422, "emergency.hash_missing")
    assert unheard.json["field"] == "content_hash"
    said = meant(commune, book[0])
    edit(commune, api, book[0])
    changed = api.post(ORDERS, json={"announcement": book[0], **said}, headers=officer)
    assert (changed.status_code, changed.json["code"]) == (409, "emergency.changed_since_heard")
    again = api.post(ORDERS, json={"announcement": book[0], **meant(commune, book[0])}, headers=officer)
    assert again.status_code == 201


def test_a_confirmation_names_what_was_heard(commune: Commune, api: FlaskClient, book: list[str]) -> None:
    officer, chair = commune.token("canbo"), commune.token("chutich")
    older = meant(commune, book[0])
    edit(commune, api, book[0])
    asked = api.post(ORDERS, json={"announcement": book[0], **meant(commune, book[0])}, headers=officer).json
    one = f"{ORDERS}/{asked['id']}"
    unheard = api.post(f"{one}/confirm", json={"drill": False}, headers=chair)
    assert (unheard.status_code, unheard.json["code"]) == (422, "emergency.hash_missing")
    other = api.post(f"{one}/confirm", json=older, headers=chair)
    assert (other.status_code, other.json["code"]) == (409, "emergency.changed_since_heard")
    assert api.get(one, headers=chair).json["status"] == "waiting"
    said = {"drill": False, "content_hash": asked["content_hash"]}
    assert api.post(f"{one}/confirm", json=said, headers=chair).json["status"] == "aired"


def test_the_chair_releases_what_was_heard_in_one_call(commune: Commune, api: FlaskClient, book: list[str]) -> None:
    heard = {each: commune.seal(each) for each in book[1:]} | {book[0]: "0" * 64}
    refused = api.post("/api/v1/phrases/release", json={"heard": heard}, headers=commune.token("canbo"))
    assert refused.status_code == 403
    answer = api.post("/api/v1/phrases/release", json={"heard": heard}, headers=commune.token("chutich")).json
    assert len(answer["released"]) == len(book) - 1
    assert [each["title"] for each in answer["refused"]] == ["Cảnh báo bão"]
    assert answer["refused"][0]["detail"]
    states = [each["status"] for each in api.get("/api/v1/phrases", headers=commune.token("chutich")).json]
    assert states == ["draft"] + ["approved"] * (len(book) - 1)
