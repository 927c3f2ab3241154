"""A hamlet's people reach no further than their hamlet, by page and by API."""

import pytest

from broadcaster.station.broadcasts import broadcasts
from broadcaster.station.people import people
from tests.attacks.console.ready import order_body, ready_text
from tests.unit.web.commune import MORNING, PASSWORD, Commune, send

pytestmark = pytest.mark.integration


@pytest.fixture
def hamlet(commune: Commune) -> Commune:
    """With an officer and an administrator of one hamlet."""
    with commune.database.session() as s:
        for role in ("officer", "administrator"):
            people.add_person(
                s,
                username=f"{role}-thon",
                full_name="Người của thôn",
                password=PASSWORD,
                roles=[("lung-pang", role)],
                by=None,
                now_at=MORNING,
            )
    return commune


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/settings"),
        ("POST", "/settings/emergency"),
        ("POST", "/public-page"),
        ("GET", "/audit"),
        ("POST", "/audit/check"),
        ("GET", "/settings"),
        ("PUT", "/api/v1/settings"),
        ("PUT", "/api/v1/emergency-rules"),
        ("PUT", "/api/v1/public-page"),
        ("GET", "/api/v1/audit"),
    ],
)
def test_a_hamlets_administrator_does_not_govern_the_commune(hamlet: Commune, method: str, path: str) -> None:
    if path.startswith("/api/"):
        answer = hamlet.app.test_client().open(path, method=method, json={}, headers=hamlet.token("administrator-thon"))
    elif method == "POST":
        answer = send(hamlet.browser("administrator-thon"), path)
    else:
        answer = hamlet.browser("administrator-thon").get(path)
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/sound", "/sound/stop", "/recording", "/edit", "/submit", "/withdraw"])
def test_a_hamlets_officer_does_nothing_with_what_another_hamlet_says(hamlet: Commune, path: str) -> None:
    others = hamlet.write()
    assert send(hamlet.browser("officer-thon"), f"/announcements/{others}{path}").status_code == 403


@pytest.mark.parametrize(("method", "path"), [("POST", "/render"), ("DELETE", "/render"), ("POST", "/submit")])
def test_a_program_of_a_hamlets_officer_neither(hamlet: Commune, method: str, path: str) -> None:
    others = hamlet.write()
    answer = hamlet.app.test_client().open(
        f"/api/v1/announcements/{others}{path}", method=method, headers=hamlet.token("officer-thon")
    )
    assert answer.status_code == 403


def test_stop_all_and_its_lifting_are_the_communes(hamlet: Commune) -> None:
    api, header = hamlet.app.test_client(), hamlet.token("officer-thon")
    assert api.post("/api/v1/stop-orders", json={}, headers=header).status_code == 403
    order = api.post("/api/v1/stop-orders", json={}, headers=hamlet.token("canbo")).json["id"]
    assert api.post(f"/api/v1/stop-orders/{order}/ask-lift", headers=header).status_code == 403
    assert api.post(f"/api/v1/stop-orders/{order}/lift", headers=header).status_code == 403
    assert api.get(f"/api/v1/stop-orders/{order}", headers=header).json["in_force"]


@pytest.mark.parametrize("act", ["order", "end"])
def test_no_alarm_of_the_commune_is_ended_by_an_order_of_one_hamlet(hamlet: Commune, act: str) -> None:
    """An order may correct or end another one: only by somebody who orders wherever that other one sounds."""
    api, header, ready = hamlet.app.test_client(), hamlet.token("officer-thon"), ready_text(hamlet)
    ordered = api.post("/api/v1/emergency-orders", json=order_body(hamlet, ready), headers=hamlet.token("canbo")).json
    if act == "order":
        filled = api.post("/api/v1/phrases", json={"zones": ["lung-pang"]}, headers=header).json
        hamlet.make_clips()
        own = next(each["id"] for each in filled if [zone["id"] for zone in each["zones"]] == ["lung-pang"])
        body = order_body(hamlet, own) | {"follows": ordered["broadcast"]}
        answer = api.post("/api/v1/emergency-orders", json=body, headers=header)
    else:
        answer = api.post(f"/api/v1/emergency-orders/{ordered['id']}/end", headers=header)
    assert answer.status_code == 403, answer.text
    with hamlet.database.reading() as s:
        assert broadcasts.get(s, ordered["broadcast"]).cancelled_at is None
