"""What residents say about nodes: their form without a login, and the inbox of the staff."""

from web.feedback import api, inbox, public

BLUEPRINTS = (public.blueprint, inbox.blueprint)
ENDPOINTS = (*api.ENDPOINTS,)
