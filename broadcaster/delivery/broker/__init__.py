"""The pipe between station and nodes: ours to start (Mosquitto, or the embedded one), or somebody else's."""
