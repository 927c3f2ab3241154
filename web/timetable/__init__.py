"""The days ahead as the nodes will play them."""

from web.timetable import pages

BLUEPRINTS = (pages.blueprint,)
