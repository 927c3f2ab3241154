"""A screen at the node, for those who cannot hear."""
