"""``python -m loa`` is ``loa``."""

import sys

from loa.commands import main

if __name__ == "__main__":
    sys.exit(main())
