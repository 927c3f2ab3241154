"""Voice packs: one installable file with a voice in it, checked before it may speak (docs/sound.md)."""
