"""Handing a new node its bundle over the network, once, for a code that a person carries."""
