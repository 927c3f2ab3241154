"""Looking after the station itself: tidying, examination, the demo commune."""
