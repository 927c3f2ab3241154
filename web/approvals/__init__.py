"""What waits for a decision, and the decisions."""

from web.approvals import api, pages, words, words_api

BLUEPRINTS = (pages.blueprint, words.blueprint)
ENDPOINTS = (*api.ENDPOINTS, *words_api.ENDPOINTS)
