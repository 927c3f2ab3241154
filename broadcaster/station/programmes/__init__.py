"""Slots, what is put into them, and filling one date."""
