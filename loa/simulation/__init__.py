"""Thousands of nodes in one process: one loop for all their connections, one for all their deciding."""
