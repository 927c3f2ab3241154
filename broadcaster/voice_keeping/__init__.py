"""The station's look at its voices: what there is, whose key is good, packs that somebody brought."""
