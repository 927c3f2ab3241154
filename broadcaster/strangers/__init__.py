"""Strangers' files are read here: one function of ours, in a bounded process that holds no key and has no network."""

from broadcaster.strangers.bounds import BoundedResult, Bounds, Refused
from broadcaster.strangers.running import run

__all__ = ["BoundedResult", "Bounds", "Refused", "run"]
