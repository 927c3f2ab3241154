"""One file per voice engine, and what each needs of its own."""
