"""The commune and its hamlets."""
