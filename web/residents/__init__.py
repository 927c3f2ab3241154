"""The pages for residents, and how the commune looks after them."""

from web.residents import api, opening, pages

BLUEPRINTS = (
    pages.blueprint,
    opening.blueprint,
)
ENDPOINTS = (*api.ENDPOINTS,)
