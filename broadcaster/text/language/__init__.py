"""What Vietnamese is made of: letters, syllables, numbers in words, and the tables a teacher can mark."""
