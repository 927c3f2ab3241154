"""Words and abbreviations: acronyms by their surroundings, foreign words, broken words."""
