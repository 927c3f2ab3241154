"""Clips as files to listen to: Ogg Opus, and AAC in M4A for phones that play no Ogg."""

from web.clips import api, files

BLUEPRINTS = (files.blueprint,)
ENDPOINTS = (*api.ENDPOINTS,)
