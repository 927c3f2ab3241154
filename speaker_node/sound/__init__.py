"""What sounds now: play-out, players, and the microphone that proves it."""
