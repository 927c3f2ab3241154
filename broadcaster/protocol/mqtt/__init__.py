"""How the messages travel: what is said on which topic, and a clip in pieces."""
