"""Relayed streams: which addresses may be asked, how their sound is brought here, and how it is watched."""
