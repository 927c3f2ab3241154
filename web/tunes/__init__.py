"""Music of the commune's own: signature tune, closing, bed and filler."""

from web.tunes import api, pages

BLUEPRINTS = (pages.blueprint,)
ENDPOINTS = (*api.ENDPOINTS,)
