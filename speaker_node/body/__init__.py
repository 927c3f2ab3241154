"""The board: amplifier relay, local switch, health, watchdog."""
