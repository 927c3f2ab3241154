"""The pipe between station and poles: ours to start (Mosquitto, or the embedded one), or somebody else's."""
