"""What is changed in the calendar and on the home page reaches real nodes over the real broker."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.integration.whole import officer
from tests.integration.whole.running_house import House, running, until

pytestmark = pytest.mark.integration


def scheduled(house: House) -> dict[str, str]:
    """Ids of the broadcasts to come, by their start."""
    items = house.ask("GET", "/broadcasts", by="canbo").body["items"]
    return {each["start_at"][:16]: each["id"] for each in items if each["status"] == "scheduled"}


def readiness(house: House) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = house.ask("GET", "/readiness", by="canbo").body
    return found


def test_nodes_become_ready_take_an_agenda_again_and_follow_a_moved_date(tmp_path: Path) -> None:
    with running(tmp_path / "var") as house:
        until(lambda: all(node["online"] for node in officer.nodes(house)), what="nodes online")
        announcement = officer.approved(house, "Mời bà con họp lúc 19h30.")
        become_ready(house, announcement)
        take_again(house)
        follow_a_moved_date(house, announcement)


def become_ready(house: House, announcement: dict[str, Any]) -> None:
    start_at = (datetime.now(UTC) + timedelta(minutes=8)).isoformat()
    house.ask("POST", "/broadcasts", {"announcement": announcement["id"], "start_at": start_at}, by="canbo")
    until(lambda: [each["ready"] for each in readiness(house)] == [3], what="three nodes ready")


def take_again(house: House) -> None:
    node = officer.nodes(house)[0]
    assert house.ask("POST", f"/nodes/{node['id']}/resend", by="canbo").status == 204

    def newer() -> bool:
        now = next(each for each in officer.nodes(house) if each["id"] == node["id"])
        return bool(now["agenda_number"] > node["agenda_number"])

    until(newer, what="the node on its new agenda")


def follow_a_moved_date(house: House, announcement: dict[str, Any]) -> None:
    slot = house.ask("GET", "/slots", by="canbo").body[0]["id"]
    house.ask("POST", f"/slots/{slot}/items", {"announcement": announcement["id"]}, by="canbo")
    start_at = house.ask("GET", f"/slots/{slot}/dates?days=1", by="canbo").body[0]["start_at"]
    until(lambda: start_at[:16] in scheduled(house), what="the date put together")
    old = scheduled(house)[start_at[:16]]
    later = (datetime.fromisoformat(start_at) + timedelta(minutes=7)).astimezone(UTC)
    moving = {"start_at": start_at, "to_at": later.isoformat()}
    assert house.ask("POST", f"/slots/{slot}/dates/move", moving, by="canbo").status == 200
    until(lambda: f"{later:%Y-%m-%dT%H:%M}" in scheduled(house), what="the date at its new time")
    until(
        lambda: house.ask("GET", f"/broadcasts/{old}/unconfirmed", by="canbo").body == [],
        what="every node without the old one",
    )
