"""Pure decisions: what sounds, what falls silent, how loud, what is over and why."""
