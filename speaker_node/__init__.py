"""The pole."""
