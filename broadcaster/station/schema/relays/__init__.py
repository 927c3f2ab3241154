"""Relayed streams in slots, and what was taken of them."""
