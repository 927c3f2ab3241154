"""The tree of units, and the zones people choose from."""
