"""Emergencies: orders by two people, their guards, stories and ready texts."""
