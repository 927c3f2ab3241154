"""Live sound, from the mouth to the horn."""
