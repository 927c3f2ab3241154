"""What people type into fields and addresses, as values."""
