"""Warnings of others: whose are taken in, what was allowed of them beforehand, and what is prepared of each."""
