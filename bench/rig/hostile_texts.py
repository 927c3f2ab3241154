"""How long does a paste nobody would type hold the reader up?  ``python -m bench.rig.hostile_texts [CHARACTERS]``

Each paste is read at half its length and at its whole length: twice the length should take twice the time. The baseline
is an ordinary announcement of the same length, read in the same run.
"""

import argparse
import sys
import time
from collections.abc import Sequence

from broadcaster.text import normalize

BASELINE = "Họp thôn lúc 19h30 ngày 5/12 tại nhà văn hóa, thu 50.000đ/hộ, điện thoại 0912 345 678. "
PASTES = {
    "announcement (baseline)": BASELINE,
    "words without a space": "Nguyễnvănxóm",
    "capitals without a space": "UBNDXÃ",
    "figures": "1234567890",
    "noughts": "0",
    "1.1.1": "1.",
    "1/1/1": "1/",
    "1-1-1": "1-",
    "dashes": "-",
    "brackets": "(",
    "half a tag": "<a ",
    "sums": "= a - b ",
    "prices": "gà 18k/c ",
    "addresses": "a@a.",
    "control characters": "".join(map(chr, range(32))),
    "right-to-left marks": "\u202e\u200fa",
    "stacked marks": "e\u0302\u0301\u0323",
    "pictures": "👨‍👩‍👧🏽",
}


def seconds(paste: str, length: int) -> float:
    """Processor time to read ``length`` characters of a paste, nothing remembered from before."""
    text = (paste * (length // len(paste) + 1))[:length]
    started = time.process_time()
    normalize(text)
    return time.process_time() - started


def main(argv: Sequence[str]) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("characters", nargs="?", type=int, default=200_000)
    length = parser.parse_args(argv).characters
    print(f"{'paste':<26}{'seconds for ' + format(length, ','):>24}{'µs/character':>14}{'× for twice':>13}")
    for name, paste in PASTES.items():
        half, whole = seconds(paste, length // 2), seconds(paste, length)
        print(f"{name:<26}{whole:>24.2f}{whole / length * 1e6:>14.2f}{whole / max(half, 1e-9):>13.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
