"""What residents tell the commune."""
