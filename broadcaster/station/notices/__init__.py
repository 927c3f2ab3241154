"""Notices: what happened that somebody should hear of, whom it concerns, where they hear it, and each message."""
