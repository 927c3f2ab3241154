"""Gauges of water and rain: what they say, the rules over it, and what a node speaks by such a rule."""
