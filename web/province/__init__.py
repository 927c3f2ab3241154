"""The level above: composing for communes, what became of it where, communes and their nodes, the month."""

from web.province import api, communes, communes_api, items, months, overview

BLUEPRINTS = (items.blueprint, communes.blueprint, overview.blueprint, months.blueprint)
ENDPOINTS = (*api.ENDPOINTS, *communes_api.ENDPOINTS)
