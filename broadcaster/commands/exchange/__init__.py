"""``loa exchange``: the levels above this commune."""
