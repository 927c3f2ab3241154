"""Which copy of the station this is, which others sign with the same key, and which one the nodes shall obey."""
