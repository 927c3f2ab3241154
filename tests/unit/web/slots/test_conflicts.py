"""Conflicts between slots, and the order within one, through the API."""

import pytest
from flask.testing import FlaskClient

from tests.unit.web.commune import Commune

pytestmark = pytest.mark.integration
SLOTS = "/api/v1/slots"
DAILY = {"name": "Chiều", "weekdays": [0, 1, 2, 3, 4, 5, 6], "times": ["17:00"], "zones": ["con-minh"]}


@pytest.fixture
def api(commune: Commune) -> FlaskClient:
    return commune.app.test_client()


@pytest.mark.parametrize("remedy", ["override", "after"])
def test_a_conflict_is_shown_while_editing_and_resolved_in_one_of_two_ways(
    commune: Commune, api: FlaskClient, remedy: str
) -> None:
    headers = commune.token()
    daily = api.post(SLOTS, json=DAILY, headers=headers).json["id"]
    mine = {**DAILY, "name": "Thôn", "times": ["17:20"], "zones": ["lung-pang"], "first_on": "2026-11-24"}
    [shown] = api.post(f"{SLOTS}/conflicts", json=mine, headers=headers).json
    assert (shown["slot"], shown["nodes"], shown["first_at"]) == (daily, ["loa-lung-pang"], "2026-11-24T10:20:00Z")
    made = api.post(SLOTS, json=mine, headers=headers).json["id"]
    assert len(api.get(f"{SLOTS}/{made}/conflicts", headers=headers).json) == 1
    assert api.post(f"{SLOTS}/{made}/conflicts/{daily}", json={"remedy": remedy}, headers=headers).json == []


def test_the_order_within_a_slot_is_chosen(commune: Commune, api: FlaskClient) -> None:
    headers = commune.token()
    slot = api.post(SLOTS, json=DAILY, headers=headers).json["id"]
    for title in ("Một", "Hai"):
        body = {"announcement": commune.approved(title)}
        items = api.post(f"{SLOTS}/{slot}/items", json=body, headers=headers).json["items"]
    order = [each["id"] for each in reversed(items)]
    answer = api.put(f"{SLOTS}/{slot}/order", json={"items": order}, headers=headers).json
    assert [each["title"] for each in answer["items"]] == ["Hai", "Một"]
