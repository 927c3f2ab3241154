"""``/api/v1``: what the console can do, a token with the right role can do."""

from flask import Blueprint, Response

from web.api import (
    announcements,
    approvals,
    audit,
    broadcasts,
    chirps,
    collisions,
    confirmations,
    dictionary,
    emergencies,
    emergency_stories,
    house,
    house_rules,
    matters,
    node_health,
    patterns,
    people,
    phrases,
    poles,
    public_page,
    recordings,
    reports,
    slot_conflicts,
    slot_dates,
    slots,
    stop_orders,
    units,
    versions,
)
from web.api.endpoints import Endpoint, register
from web.api.openapi import document
from web.security import csrf, limiter

PREFIX = "/api/v1"
ENDPOINTS: tuple[Endpoint, ...] = (
    *announcements.ENDPOINTS,
    *recordings.ENDPOINTS,
    *approvals.ENDPOINTS,
    *broadcasts.ENDPOINTS,
    *confirmations.ENDPOINTS,
    *slots.ENDPOINTS,
    *slot_conflicts.ENDPOINTS,
    *collisions.ENDPOINTS,
    *slot_dates.ENDPOINTS,
    *dictionary.ENDPOINTS,
    *patterns.ENDPOINTS,
    *phrases.ENDPOINTS,
    *public_page.ENDPOINTS,
    *emergencies.ENDPOINTS,
    *emergency_stories.ENDPOINTS,
    *stop_orders.ENDPOINTS,
    *house.ENDPOINTS,
    *matters.ENDPOINTS,
    *poles.ENDPOINTS,
    *chirps.ENDPOINTS,
    *node_health.ENDPOINTS,
    *house_rules.ENDPOINTS,
    *reports.ENDPOINTS,
    *audit.ENDPOINTS,
    *people.ENDPOINTS,
    *units.ENDPOINTS,
    *versions.ENDPOINTS,
)

blueprint = Blueprint("api", __name__, url_prefix=PREFIX)
register(blueprint, ENDPOINTS)
csrf.exempt(blueprint)  # no cookie is ever looked at here, so nothing can be done in somebody's name unasked
limiter.limit("3000/minute")(blueprint)


@blueprint.get("/openapi.json")
def openapi() -> Response:
    return Response(document(ENDPOINTS, prefix=PREFIX), mimetype="application/json")
