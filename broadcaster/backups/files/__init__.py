"""One backup as a file: what goes in, what it says of itself, how it is sealed and called."""
