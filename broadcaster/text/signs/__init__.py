"""Punctuation and signs: pauses, dashes, slashes, headings that nobody set apart."""
