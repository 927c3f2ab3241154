"""What the commune knows."""
