"""The exchange between levels: its door at the level above, and what it offered on the commune's side."""

from web.exchange import api, door, pages

BLUEPRINTS = (door.blueprint, pages.blueprint)
ENDPOINTS = (*api.ENDPOINTS,)
