"""Who may act: logins, roles, proofs of identity, sessions and tokens."""
