"""Handing a new pole its bundle over the network, once, for a code that a person carries."""
