"""Sound worked on while it is being made: horn chain, Opus frames, and the recording of what was sent."""
