"""Nodes that answer an order, and the least that could take their answers in."""
