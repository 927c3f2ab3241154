"""Live sound on the station's side: an open session that sources feed, and what is sent and kept of it."""
