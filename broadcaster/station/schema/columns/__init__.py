"""What columns are made of: the base of all tables, and values that lie in several columns."""
