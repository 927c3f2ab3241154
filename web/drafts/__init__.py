"""The form an announcement is written in, with everything that helps with writing."""
