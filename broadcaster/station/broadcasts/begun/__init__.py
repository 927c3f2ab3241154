"""Broadcasts that began at a node, not at the station."""
