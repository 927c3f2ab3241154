"""What really sounded, from the nodes' own receipts."""
