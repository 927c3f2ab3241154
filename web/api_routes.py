"""``/api/v1``: what the console can do, a token with the right role can do."""

from flask import Blueprint, Response

from web.api.endpoints import register
from web.api.openapi import document
from web.rooms import ENDPOINTS
from web.security.access import ANYBODY, asks
from web.security.protection import csrf, limiter

PREFIX = "/api/v1"

blueprint = Blueprint("api", __name__, url_prefix=PREFIX)
register(blueprint, ENDPOINTS)
csrf.exempt(blueprint)  # no cookie is ever looked at here, so nothing can be done in somebody's name unasked
limiter.limit("3000/minute")(blueprint)


@blueprint.get("/openapi.json")
@asks(ANYBODY)
def openapi() -> Response:
    return Response(document(ENDPOINTS, prefix=PREFIX), mimetype="application/json")
