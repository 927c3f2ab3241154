"""Sound to clip: compose, make it loud and clear for a horn, encode; and take in uploaded recordings."""
