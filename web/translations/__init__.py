"""Vietnamese is what the console is written in; other languages are catalogues beside it."""
