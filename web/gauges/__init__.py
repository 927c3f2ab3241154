"""Gauges: their readings in, the rules over them, and what two people allow these to speak."""

from web.gauges import api, pages, rule_pages, rules_api

BLUEPRINTS = (pages.blueprint, rule_pages.blueprint)
ENDPOINTS = (*api.ENDPOINTS, *rules_api.ENDPOINTS)
