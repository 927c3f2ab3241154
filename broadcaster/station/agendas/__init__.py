"""What every node must play, as its agenda says it."""
