"""The one command: it builds the house bottom-up and takes it down in reverse."""
