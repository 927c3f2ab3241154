"""One's own account: password, second factor, invitation."""
