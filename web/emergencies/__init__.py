"""Emergencies: orders, stories of alarms, silence for everybody."""
