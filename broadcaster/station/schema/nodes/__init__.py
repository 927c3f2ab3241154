"""Nodes, and how they have been."""
