"""Who may do what: looking after people and their logins."""
