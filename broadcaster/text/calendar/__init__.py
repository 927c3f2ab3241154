"""Dates and times of the day."""
