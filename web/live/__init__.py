"""Speaking live: the microphone's page, what it sends, and who hears it."""

from web.live import api, offered, pages

BLUEPRINTS = (pages.blueprint, offered.blueprint)
ENDPOINTS = (*api.ENDPOINTS,)
