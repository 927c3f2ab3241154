"""The level above communes as a service."""
