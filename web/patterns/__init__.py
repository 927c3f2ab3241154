"""Texts with blanks for what is announced again and again."""
