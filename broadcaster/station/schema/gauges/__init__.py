"""Tables of gauges, their readings, and the rules over them."""
