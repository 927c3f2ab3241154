"""Speaking live: the microphone's page, what it sends, and who hears it."""

from web.live import api, pages

BLUEPRINTS = (pages.blueprint,)
ENDPOINTS = (*api.ENDPOINTS,)
