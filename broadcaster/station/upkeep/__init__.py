"""Looking after the station itself: backups, tidying, examination, the demo commune."""
