"""Whether the station works: ``/health`` for watchers, ``/metrics`` for Prometheus. Open to all, naming nobody."""

from collections.abc import Iterator
from datetime import datetime

from flask import Blueprint, Response, jsonify
from sqlalchemy.orm import Session

from broadcaster.errors import LoaError
from broadcaster.station.nodes import nodes
from broadcaster.station.records.state_counts import state_counts
from broadcaster.station.rows import heartbeats
from web.matters import attention, hindrances
from web.security.access import ANYBODY, asks
from web.shell.services import services

blueprint = Blueprint("health", __name__)

Sample = tuple[str, dict[str, str], float]


@blueprint.get("/health")
@asks(ANYBODY)
def health() -> Response:
    """503 when the database does not answer; else 200, and the body says what stands still."""
    found = report()
    response = jsonify(found)
    response.status_code = 200 if found["database"] == "ok" else 503
    return response


def report() -> dict[str, object]:
    now_at = services().clock()
    try:
        with services().database.reading() as s:
            parts = _parts(s, now_at)
            online = sum(view.presence == "online" for view in nodes.board(s, now_at=now_at))
            counted = {"online": online, "known": len(nodes.listing(s))}
    except LoaError:
        return {"status": "degraded", "database": "unavailable"}
    found = hindrances.seen()
    well = all(state == "ok" for state in parts.values()) and not found
    stated = {"hindrances": found} if found else {}
    return {"status": "ok" if well else "degraded", "database": "ok", **parts, **stated, "nodes": counted}


def _parts(s: Session, now_at: datetime) -> dict[str, str]:
    beats = heartbeats.read(s)
    parts = {
        "station": "silent" if attention.silent(beats.get("station"), now_at) else "ok",
        "broker": "silent" if attention.silent(beats.get("publisher"), now_at) else "ok",
        "renderer": "silent" if attention.silent(beats.get("renderer"), now_at) else "ok",
    }
    if parts["broker"] == "ok" and attention.disconnected(beats.get("publisher")):
        parts["broker"] = "disconnected"
    return parts


@blueprint.get("/metrics")
@asks(ANYBODY)
def metrics() -> Response:
    with services().database.reading() as s:
        text = "".join(_exposition(s))
    return Response(text, mimetype="text/plain; version=0.0.4; charset=utf-8")


def _exposition(s: Session) -> Iterator[str]:
    families: tuple[tuple[str, str, Iterator[Sample]], ...] = (
        ("loa_nodes", "Nodes by presence.", _nodes(s)),
        ("loa_announcements", "Announcements by state.", _by_state(s, "announcements")),
        ("loa_broadcasts", "Broadcasts by state.", _by_state(s, "broadcasts")),
        ("loa_deliveries", "Deliveries by state.", _by_state(s, "deliveries")),
        ("loa_render_jobs", "Render jobs by state.", _by_state(s, "render_jobs")),
        ("loa_heartbeat_age_seconds", "Seconds since a part last gave a sign of life.", _heartbeats(s)),
    )
    for name, meaning, samples in families:
        yield f"# HELP {name} {meaning}\n# TYPE {name} gauge\n"
        for suffix, labels, figure in samples:
            inside = ",".join(f'{key}="{text}"' for key, text in labels.items())
            yield f"{name}{suffix}{{{inside}}} {figure:g}\n"


def _nodes(s: Session) -> Iterator[Sample]:
    counts = dict.fromkeys(("online", "offline", "unknown", "never"), 0)
    for view in nodes.board(s, now_at=services().clock()):
        counts[view.presence] += 1
    for presence, count in counts.items():
        yield "", {"presence": presence}, count


def _by_state(s: Session, kind: str) -> Iterator[Sample]:
    for state, count in state_counts(s, kind).items():
        yield "", {"state": state}, count


def _heartbeats(s: Session) -> Iterator[Sample]:
    for beat in heartbeats.read(s).values():
        yield "", {"part": beat.name}, (services().clock() - beat.at).total_seconds()
