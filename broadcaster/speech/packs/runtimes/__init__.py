"""One file per library or kind of model that can speak a pack."""
