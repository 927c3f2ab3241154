"""Sound to clip."""
