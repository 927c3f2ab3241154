"""Idle cells, measured."""
