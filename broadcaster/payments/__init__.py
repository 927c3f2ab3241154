"""Money a commune asks for: the account, and the code a banking app reads. Pure."""
