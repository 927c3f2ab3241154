"""A small database beside the real one, in which orders are written while somebody holds the real one locked."""
