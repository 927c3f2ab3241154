"""Broadcasts: ordered, watched, called off."""

from web.broadcasts import api, pages

BLUEPRINTS = (pages.blueprint,)
ENDPOINTS = (*api.ENDPOINTS,)
