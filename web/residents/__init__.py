"""The pages for residents, and how the commune looks after them."""

from web.residents import api, opening, pages, warnings

BLUEPRINTS = (
    pages.blueprint,
    opening.blueprint,
)
__all__ = ["BLUEPRINTS", "ENDPOINTS", "warnings"]
ENDPOINTS = (*api.ENDPOINTS,)
