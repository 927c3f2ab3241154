"""What every page stands in: the frame, the request at work, failures, logins, times and words."""
