"""The nodes: taking them into service, tuning them, hearing how they are."""
