"""Ready texts with blanks, filled in again and again."""
