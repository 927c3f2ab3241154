"""Frozen broadcasts: ordered, found, cancelled, judged from their receipts."""
