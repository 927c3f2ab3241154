"""Whether the station works, for watching programs."""

from web.health import api, pages

BLUEPRINTS = (pages.blueprint,)
ENDPOINTS = (*api.ENDPOINTS,)
