"""The exchange with the levels above: who they are, what they offered, what the commune chose, what is reported."""
