"""The ways to the station: one connection to the broker, or a USB stick carried by hand."""
