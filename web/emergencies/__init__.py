"""Emergencies: orders, stories of alarms, silence for everybody."""

from web.emergencies import api, book, pages, phrases_api, stop_orders_api, stories, stories_api

BLUEPRINTS = (
    pages.blueprint,
    book.blueprint,
    stories.blueprint,
)
ENDPOINTS = (
    *api.ENDPOINTS,
    *phrases_api.ENDPOINTS,
    *stop_orders_api.ENDPOINTS,
    *stories_api.ENDPOINTS,
)
