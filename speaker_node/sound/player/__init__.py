"""Sound, timed by the device that makes it."""
