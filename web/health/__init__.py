"""Whether the station works, for watching programs."""
