"""Slots: made, filled, changed; and each single date of them."""

from web.slots import api, conflicts_api, dates, dates_api, items, pages

BLUEPRINTS = (
    pages.blueprint,
    dates.blueprint,
    items.blueprint,
)
ENDPOINTS = (
    *api.ENDPOINTS,
    *conflicts_api.ENDPOINTS,
    *dates_api.ENDPOINTS,
)
