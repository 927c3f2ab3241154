"""Commands of whoever installs a station: its first steps, and its certificates."""
