"""A commune in which an emergency can be ordered at once, and the orders that must always be answered."""

import json
import time

from tests.attacks.console.many_requests import ConsoleAddress, asked
from tests.rig.running.busy import stretched
from tests.unit.web.commune import Commune

ANSWERED_SECONDS = 8.0


def ready_text(commune: Commune) -> str:
    """A ready text with its clip, whose order waits for nobody."""
    api = commune.app.test_client()
    filled = api.post("/api/v1/phrases", json={"zones": ["con-minh"]}, headers=commune.token()).json
    commune.make_clips()
    rules = {"mode": "declared", "confirm_minutes": 5}
    assert api.put("/api/v1/emergency-rules", json=rules, headers=commune.token("quantri")).status_code == 200
    return str(filled[1]["id"])


def order_body(commune: Commune, ready: str) -> dict[str, object]:
    return {"announcement": ready, "reason": "Nước lên.", "drill": False, "content_hash": commune.seal(ready)}


def orders_are_answered(
    commune: Commune, at: ConsoleAddress, ready: str, tokens: tuple[dict[str, str], dict[str, str]]
) -> str:
    """An emergency sounds, everything is silenced, and silence is lifted by two, each answered soon; the broadcast."""
    officer, chair = tokens
    order = timed(at, "/api/v1/emergency-orders", order_body(commune, ready), officer)
    assert order["status"] == "aired"
    stop = timed(at, "/api/v1/stop-orders", {"reason": "thử"}, chair)
    timed(at, f"/api/v1/stop-orders/{stop['id']}/ask-lift", None, officer)
    timed(at, f"/api/v1/stop-orders/{stop['id']}/lift", None, chair)
    return str(order["broadcast"])


def timed(at: ConsoleAddress, path: str, body: object, headers: dict[str, str]) -> dict[str, object]:
    began = time.monotonic()
    sent = json.dumps(body) if body is not None else None
    status, answer = asked(at, "POST", path, headers=headers, body=sent)
    assert status < 300, answer
    assert time.monotonic() - began < stretched(ANSWERED_SECONDS)
    return dict(json.loads(answer))


def hindrances(at: ConsoleAddress) -> list[str]:
    return list(json.loads(asked(at, "GET", "/api/v1/health", headers={})[1]).get("hindrances", []))
