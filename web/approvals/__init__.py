"""What waits for a decision, and the decisions."""

from web.approvals import api, pages

BLUEPRINTS = (pages.blueprint,)
ENDPOINTS = (*api.ENDPOINTS,)
