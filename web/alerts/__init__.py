"""Warnings of others: their sources, what came in, what was allowed beforehand."""

from web.alerts import api, pages

BLUEPRINTS = (pages.blueprint,)
ENDPOINTS = (*api.ENDPOINTS,)
