"""Gauges: which there are, what they said, the rules over them, and what two people allowed these to speak."""
