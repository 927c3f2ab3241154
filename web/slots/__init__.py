"""Slots: made, filled, changed; and each single date of them."""
