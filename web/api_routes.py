"""``/api/v1``: what the console can do, a token with the right role can do."""

from flask import Blueprint, Response

from web.announcements import api as announcements
from web.announcements import recordings_api as recordings
from web.announcements import versions_api as versions
from web.api.endpoints import Endpoint, register
from web.api.openapi import document
from web.approvals import api as approvals
from web.audit import api as audit
from web.broadcasts import api as broadcasts
from web.collisions import api as collisions
from web.dictionary import api as dictionary
from web.emergencies import api as emergencies
from web.emergencies import phrases_api as phrases
from web.emergencies import stop_orders_api as stop_orders
from web.emergencies import stories_api as emergency_stories
from web.matters import api as matters
from web.nodes import api as poles
from web.nodes import board_api as services
from web.nodes import chirps_api as chirps
from web.nodes import confirmations_api as confirmations
from web.nodes import health_api as node_health
from web.patterns import api as patterns
from web.people import api as people
from web.reports import api as reports
from web.residents import api as public_page
from web.security.protection import csrf, limiter
from web.settings import api as house_rules
from web.slots import api as slots
from web.slots import conflicts_api as slot_conflicts
from web.slots import dates_api as slot_dates
from web.units import api as units

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
    *services.ENDPOINTS,
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
