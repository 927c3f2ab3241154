"""What somebody has to deal with, and whether the nodes are ready."""
