"""Newer programs of the node: how they come, are tried, and are left again when they do not work."""
