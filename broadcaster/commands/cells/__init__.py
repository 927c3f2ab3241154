"""Cells: several stations on one machine, each with everything of its own."""
