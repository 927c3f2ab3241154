"""The level above communes: who they are, what is composed for them, how it goes down, and what they report."""
