"""A whole database in one file and back, checked: SQLite by its own backup, PostgreSQL by its own tools."""
