"""Streams of other stations: an administrator's list, and what each slot relays."""

from web.relays import api, pages, slot_api, slot_pages

BLUEPRINTS = (
    pages.blueprint,
    slot_pages.blueprint,
)
ENDPOINTS = (
    *api.ENDPOINTS,
    *slot_api.ENDPOINTS,
)
