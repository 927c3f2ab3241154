"""The first start of a station in the browser: the same steps as ``loa setup``."""

from web.first_run import pages

BLUEPRINTS = (pages.blueprint,)
