"""The station's own certificate authority: what listens beyond this machine speaks TLS by it, and nodes pin it."""
