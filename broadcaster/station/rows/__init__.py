"""Rows that every room writes in the same way: change counters, signs of life, settings, inserts that may meet."""
