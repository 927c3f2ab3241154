"""The commands of the terminal that look after a station."""
