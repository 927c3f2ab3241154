"""Clips on the card, and how they get there."""
