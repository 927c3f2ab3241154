"""Stop-all through the API."""

import pytest
from flask.testing import FlaskClient

from tests.unit.web.commune import Commune

pytestmark = pytest.mark.integration
PATH = "/api/v1/stop-orders"


@pytest.fixture
def api(commune: Commune) -> FlaskClient:
    return commune.app.test_client()


def test_one_person_silences_everything_and_two_lift_it(commune: Commune, api: FlaskClient) -> None:
    officer, chair = commune.token("canbo"), commune.token("chutich")
    ordered = api.post(PATH, json={"reason": "Loa bị chiếm quyền."}, headers=officer).json
    assert ordered["in_force"]
    assert len(ordered["not_yet_silent"]) == 3
    one = f"{PATH}/{ordered['id']}"
    assert api.post(f"{one}/lift", headers=chair).status_code == 409
    assert api.post(f"{one}/ask-lift", headers=officer).json["lift_asked_by"] == "canbo"
    assert api.post(f"{one}/lift", headers=officer).status_code == 403
    assert [each["id"] for each in api.get(PATH, headers=officer).json] == [ordered["id"]]
    lifted = api.post(f"{one}/lift", headers=chair).json
    assert (lifted["in_force"], lifted["not_yet_silent"]) == (False, [])
    assert api.get(PATH, headers=officer).json == []


def test_an_order_needs_no_words_and_giving_it_twice_is_one_order(commune: Commune, api: FlaskClient) -> None:
    headers = commune.token()
    first, second = (api.post(PATH, json={}, headers=headers).json["id"] for _ in range(2))
    assert first == second


def test_who_only_looks_on_may_not_silence(commune: Commune, api: FlaskClient) -> None:
    assert api.post(PATH, json={}, headers=commune.token("khach")).status_code == 403


def test_nothing_is_broadcast_while_the_order_holds(commune: Commune, api: FlaskClient) -> None:
    body, headers = {"announcement": commune.approved()}, commune.token()
    api.post(PATH, json={}, headers=headers)
    refused = api.post("/api/v1/broadcasts", json=body, headers=headers)
    assert refused.status_code == 409
    assert "dừng toàn bộ" in refused.json["message"]


def test_an_order_lifted_meanwhile_cannot_be_mixed_up_with_the_next(commune: Commune, api: FlaskClient) -> None:
    officer, chair = commune.token("canbo"), commune.token("chutich")
    old = f"{PATH}/{api.post(PATH, json={}, headers=officer).json['id']}"
    api.post(f"{old}/ask-lift", headers=officer)
    api.post(f"{old}/lift", headers=chair)
    api.post(PATH, json={}, headers=officer)
    refused = api.post(f"{old}/ask-lift", headers=officer)
    assert refused.status_code == 409
    assert "lệnh khác" in refused.json["message"]
