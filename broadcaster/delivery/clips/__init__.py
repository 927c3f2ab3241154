"""The clips at the broker: what is missing goes up piece by piece, what nobody needs any more is cleared."""
