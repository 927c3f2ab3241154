"""A paper becomes an announcement: given as text or file, looked over line by line, handed to the form."""

from web.papers import api, pages

BLUEPRINTS = (pages.blueprint,)
ENDPOINTS = api.ENDPOINTS
