"""The exchange with the level above, from both sides."""
