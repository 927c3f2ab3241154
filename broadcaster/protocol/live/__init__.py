"""Live sound on its way: what an agenda says of it, its packets, and what a node says of what it hears."""
