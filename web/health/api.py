"""Whether the station works, through the API: the same for everybody, without a token."""

from typing import Any

from web.api.endpoints import Endpoint
from web.health.pages import health
from web.security.access import ANYBODY

ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/health",
        access=ANYBODY,
        summary="Tình trạng của đài: ok hoặc degraded, và từng phần.",
        act=health,
        gives=dict[str, Any],
    ),
)
