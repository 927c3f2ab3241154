"""Frozen airings: ordered, found, cancelled, judged from their receipts."""
