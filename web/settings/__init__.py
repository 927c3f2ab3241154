"""The commune's standing choices."""
