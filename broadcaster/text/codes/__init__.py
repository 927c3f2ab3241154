"""What names one thing: telephone and account numbers, document numbers, roads, plates, addresses."""
