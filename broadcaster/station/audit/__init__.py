"""The audit trail: entries, and looking into them."""
