"""Where one is called outside the console: one's channels, what was sent, and where its links lead."""

from web.notices import api, links, pages

BLUEPRINTS = (pages.blueprint, links.blueprint)
ENDPOINTS = (*api.ENDPOINTS,)
"""``/api/v1``: one's own channels and messages."""
