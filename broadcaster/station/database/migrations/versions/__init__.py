"""The migrations in order, one file each."""
