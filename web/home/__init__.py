"""The first page: what sounds now, what comes next, what needs somebody."""

from web.home import pages

BLUEPRINTS = (pages.blueprint,)
