"""What nodes say: sorted as it comes in, kept waiting in bounds, stored in short transactions, then acknowledged."""
