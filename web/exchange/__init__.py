"""The exchange between levels: its answers at the level above, and what it offered on the commune's side."""

from web.exchange import answering, api, levels_api, pages

BLUEPRINTS = (answering.blueprint, pages.blueprint)
ENDPOINTS = (*api.ENDPOINTS, *levels_api.ENDPOINTS)
