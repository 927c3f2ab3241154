"""Whether the station works: ``/health`` for all, naming nobody; ``/metrics`` for Prometheus alone."""

from datetime import datetime

from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy.orm import Session

from broadcaster.errors import LoaError
from broadcaster.station.nodes import nodes
from broadcaster.station.rows import heartbeats, settings
from web.health import watchers
from web.health.metrics import Measurements
from web.matters import attention, hindrances
from web.security.access import ANYBODY, asks
from web.shell.services import services

blueprint = Blueprint("health", __name__)
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


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
    """A level above has no broker, and makes no clips."""
    beats = heartbeats.read(s)
    station = {"station": "silent" if attention.silent(beats.get("station"), now_at) else "ok"}
    if settings.read(s, "level") == "province":
        return station
    parts = station | {
        "broker": "silent" if attention.silent(beats.get("publisher"), now_at) else "ok",
        "renderer": "silent" if attention.silent(beats.get("renderer"), now_at) else "ok",
    }
    if parts["broker"] == "ok" and attention.disconnected(beats.get("publisher")):
        parts["broker"] = "disconnected"
    return parts


@blueprint.get("/metrics")
@asks(ANYBODY)
def metrics() -> Response:
    """For programs of the configuration's addresses, or with its token: it names nodes."""
    if not watchers.let_in(services().config.metrics):
        return Response("metrics.allow, metrics.token\n", 403, mimetype="text/plain")
    now_at = services().clock()
    measured = current_app.extensions.setdefault("loa_measurements", Measurements(now_at))
    with services().database.reading() as s:
        return Response(measured.written(s, now_at=now_at), content_type=CONTENT_TYPE)
