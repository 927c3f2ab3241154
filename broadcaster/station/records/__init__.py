"""What was broadcast, as people read it afterwards."""
