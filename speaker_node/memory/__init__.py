"""What must outlive the program: ledger, outbox, agenda, and a card that refuses or forgets."""
