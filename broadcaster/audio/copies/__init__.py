"""Clips once more in a form that every phone plays, kept beside them."""
