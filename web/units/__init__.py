"""The commune and its hamlets."""

from web.units import api, languages, pages

BLUEPRINTS = (
    pages.blueprint,
    languages.blueprint,
)
ENDPOINTS = (*api.ENDPOINTS,)
