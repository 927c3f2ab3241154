"""Texts with blanks for what is announced again and again."""

from web.patterns import api, pages

BLUEPRINTS = (pages.blueprint,)
ENDPOINTS = (*api.ENDPOINTS,)
