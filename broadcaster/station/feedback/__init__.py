"""What residents say about nodes, from its arrival to the commune's answer."""
