"""The time, and how far it may be trusted."""
