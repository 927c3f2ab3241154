"""``python -m speaker_node``: the node without the rest of the house."""

import sys

from speaker_node.command import main

sys.exit(main())
