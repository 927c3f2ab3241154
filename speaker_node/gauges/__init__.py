"""Gauges at a node: its own readings, others' that come from the broker, and what it says by itself."""
