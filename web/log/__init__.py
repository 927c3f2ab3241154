"""What really sounded, from the nodes' own receipts."""

from web.log import pages

BLUEPRINTS = (pages.blueprint,)
