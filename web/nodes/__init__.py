"""Nodes: how each is, its settings, its health, taking it into service."""
