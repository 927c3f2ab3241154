"""Live sessions: who may speak where, from the press to the recording in the log."""
