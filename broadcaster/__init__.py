"""The station: what to say, and to whom it was sent."""
