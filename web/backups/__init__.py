"""Backups: how the last ones went, the recovery key, one more now."""

from web.backups import api, pages

BLUEPRINTS = (pages.blueprint,)
ENDPOINTS = (*api.ENDPOINTS,)
