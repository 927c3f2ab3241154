"""Learning from the nodes which copy of the station they obey."""
