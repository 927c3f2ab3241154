"""Who may do what: looking after people and their logins."""

from web.people import api, pages, person_pages

BLUEPRINTS = (
    pages.blueprint,
    person_pages.blueprint,
)
ENDPOINTS = (*api.ENDPOINTS,)
