"""Copies of the whole station in a second place: sealed, tried, taken turns, and brought back elsewhere."""
