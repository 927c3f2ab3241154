"""The language station and node share."""
