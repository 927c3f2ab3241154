"""Voices of the station: heard, chosen by class and hamlet, taken in, their keys."""

from web.voices import api, pages

BLUEPRINTS = (pages.blueprint,)
ENDPOINTS = (*api.ENDPOINTS,)
