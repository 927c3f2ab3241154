"""Numbers and what they count: units, fractions, Roman numerals, coordinates."""
