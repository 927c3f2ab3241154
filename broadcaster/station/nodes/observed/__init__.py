"""What the station sees of its nodes beside what they say of themselves."""
