"""Boards for those who cannot hear: full-screen pages, and the same as a feed for LED controllers."""

from web.boards import pages

BLUEPRINTS = (pages.blueprint,)
