"""The commune's way to the levels above: it asks them, and reports to them; nobody calls it."""
