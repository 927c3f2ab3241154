"""Nodes: how each is, its settings, its health, taking it into service."""

from web.nodes import (
    api,
    board_api,
    chirps,
    chirps_api,
    confirmations_api,
    enrolments,
    health,
    health_api,
    map_page,
    pages,
    repairs,
    settings,
)

BLUEPRINTS = (
    pages.blueprint,
    chirps.blueprint,
    enrolments.blueprint,
    health.blueprint,
    map_page.blueprint,
    repairs.blueprint,
    settings.blueprint,
)
ENDPOINTS = (
    *api.ENDPOINTS,
    *board_api.ENDPOINTS,
    *chirps_api.ENDPOINTS,
    *confirmations_api.ENDPOINTS,
    *health_api.ENDPOINTS,
)
