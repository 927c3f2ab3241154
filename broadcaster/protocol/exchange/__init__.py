"""What a commune and the level above say to each other."""
