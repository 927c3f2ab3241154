"""Programs for nodes that are tried on the way."""
