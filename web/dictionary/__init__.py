"""The reading dictionary."""
