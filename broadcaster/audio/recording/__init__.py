"""What people recorded, on whatever machine, made into mono PCM: whole, and believing no header."""
