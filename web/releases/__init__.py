"""Newer programs for the nodes: uploaded, started by another person, followed node by node."""

from web.releases import api, pages

BLUEPRINTS = (pages.blueprint,)
ENDPOINTS = (*api.ENDPOINTS,)
