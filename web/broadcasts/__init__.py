"""Broadcasts: ordered, watched, called off."""
