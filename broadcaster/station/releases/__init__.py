"""Newer programs for the nodes: taken in, started by a second person, given in waves, stopped by a failure."""
