"""What people do with a running house through its API: write, approve, broadcast, look."""

import urllib.request
from typing import Any

from tests.integration.whole.running_station import RunningStation, until


def nodes(station: RunningStation) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = station.ask("GET", "/nodes", by="canbo").body
    return found


def written(
    station: RunningStation, text: str, *, title: str = "Thu quỹ", broadcast_class: str = "routine"
) -> dict[str, Any]:
    """An announcement to the whole commune whose clip is ready."""
    body = {"title": title, "text": text, "zones": [whole_commune(station)], "class": broadcast_class}
    answer = station.ask("POST", "/announcements", body, by="canbo")
    assert answer.status == 201, answer.body
    path = f"/announcements/{answer.body['id']}"
    found: dict[str, Any] = until(
        lambda: (now := station.ask("GET", path, by="canbo").body)["clip"] and now, what="the clip"
    )
    return found


def whole_commune(station: RunningStation) -> str:
    zones = station.ask("GET", "/zones", by="canbo").body
    return str(max(zones, key=lambda zone: len(zone["nodes"]))["id"])


def approved(station: RunningStation, text: str, **more: str) -> dict[str, Any]:
    announcement = written(station, text, **more)
    path = f"/announcements/{announcement['id']}"
    submitted = station.ask("POST", f"{path}/submit", by="canbo").body
    assert submitted["status"] == "pending_approval"
    answer = station.ask("POST", f"{path}/approve", {"content_hash": submitted["content_hash"]}, by="chutich")
    assert (answer.status, answer.body["status"]) == (200, "approved"), answer.body
    found: dict[str, Any] = answer.body
    return found


def played(station: RunningStation, announcement: dict[str, Any]) -> dict[str, Any]:
    """The broadcast of it now, once no delivery of it is open any more."""
    answer = station.ask("POST", "/broadcasts", {"announcement": announcement["id"], "start_at": None}, by="chutich")
    assert answer.status == 201, answer.body
    path = f"/broadcasts/{answer.body['id']}"
    ended = {"completed", "partial", "missed", "cancelled"}
    found: dict[str, Any] = until(
        lambda: (now := station.ask("GET", path, by="canbo").body)["status"] in ended and now,
        what="the end of the broadcast",
    )
    return found


def fetch(station: RunningStation, path: str) -> bytes:
    request = urllib.request.Request(
        f"http://127.0.0.1:{station.port}{path}", headers={"Authorization": f"Bearer {station.token('canbo')}"}
    )
    with urllib.request.urlopen(request, timeout=120) as answer:
        content: bytes = answer.read()
        return content
