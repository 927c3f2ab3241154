"""What is changed in the calendar and on the home page reaches real nodes over the real broker."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.integration.whole import officer
from tests.integration.whole.running_station import RunningStation, running, until, without_ready_texts

pytestmark = pytest.mark.integration


def scheduled(station: RunningStation) -> dict[str, str]:
    """Ids of the broadcasts to come, by their start."""
    items = station.ask("GET", "/broadcasts", by="canbo").body["items"]
    return {each["start_at"][:16]: each["id"] for each in items if each["status"] == "scheduled"}


def readiness(station: RunningStation) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = station.ask("GET", "/readiness", by="canbo").body
    return found


def test_nodes_become_ready_take_an_agenda_again_and_follow_a_moved_date(tmp_path: Path) -> None:
    with running(without_ready_texts(tmp_path / "var")) as station:
        until(lambda: all(node["online"] for node in officer.nodes(station)), what="nodes online")
        announcement = officer.approved(station, "Mời bà con họp lúc 19h30.")
        become_ready(station, announcement)
        take_again(station)
        follow_a_moved_date(station, announcement)


def become_ready(station: RunningStation, announcement: dict[str, Any]) -> None:
    start_at = (datetime.now(UTC) + timedelta(minutes=8)).isoformat()
    station.ask("POST", "/broadcasts", {"announcement": announcement["id"], "start_at": start_at}, by="canbo")
    until(lambda: [each["ready"] for each in readiness(station)] == [3], what="three nodes ready")


def take_again(station: RunningStation) -> None:
    node = officer.nodes(station)[0]
    assert station.ask("POST", f"/nodes/{node['id']}/resend", by="canbo").status == 204

    def newer() -> bool:
        now = next(each for each in officer.nodes(station) if each["id"] == node["id"])
        return bool(now["agenda_number"] > node["agenda_number"])

    until(newer, what="the node on its new agenda")


def follow_a_moved_date(station: RunningStation, announcement: dict[str, Any]) -> None:
    slot = station.ask("GET", "/slots", by="canbo").body[0]["id"]
    station.ask("POST", f"/slots/{slot}/items", {"announcement": announcement["id"]}, by="canbo")
    start_at = station.ask("GET", f"/slots/{slot}/dates?days=1", by="canbo").body[0]["start_at"]
    until(lambda: start_at[:16] in scheduled(station), what="the date put together")
    old = scheduled(station)[start_at[:16]]
    later = (datetime.fromisoformat(start_at) + timedelta(minutes=7)).astimezone(UTC)
    moving = {"start_at": start_at, "to_at": later.isoformat()}
    assert station.ask("POST", f"/slots/{slot}/dates/move", moving, by="canbo").status == 200
    until(lambda: f"{later:%Y-%m-%dT%H:%M}" in scheduled(station), what="the date at its new time")
    until(
        lambda: station.ask("GET", f"/broadcasts/{old}/unconfirmed", by="canbo").body == [],
        what="every node without the old one",
    )
