"""Streams of other stations: which, in which slots, and what was taken of them to be aired."""
