"""Levels above and communes, as ``tests/rig/exchange`` makes them."""

from tests.rig.exchange.fixtures import above, below, lower, places, planted, stack, upper

__all__ = ["above", "below", "lower", "places", "planted", "stack", "upper"]
