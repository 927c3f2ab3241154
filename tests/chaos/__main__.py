"""``make chaos``: one run, its verdict, and an exit code."""

import argparse
import random
import shutil
import sys
import tempfile
from pathlib import Path

from tests.chaos.run import Plan, run
from tests.chaos.village.card import Card


def main() -> int:
    """0 when every rule held, 1 when not; the folder of a run that failed is kept."""
    parser = argparse.ArgumentParser(prog="make chaos", description="A village under faults, and a judge.")
    parser.add_argument("--seconds", type=float, default=60.0, help="of faults (default 60)")
    parser.add_argument("--seed", type=int, default=None, help="of village and faults; a new one when not given")
    parser.add_argument("--nodes", type=int, default=4)
    parser.add_argument("--every", type=float, default=0.85, metavar="SECONDS", help="mean pause between two faults")
    parser.add_argument("--keep", action="store_true", help="keep the folder of a good run too")
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1_000_000)
    if not Card.possible():
        print("no root or no loop device: power cuts and full cards are left out")
    folder = Path(tempfile.mkdtemp(prefix="loa-chaos-"))
    plan = Plan(seed=seed, seconds=options.seconds, virtual_nodes=options.nodes, fault_seconds=options.every)
    verdict = run(plan, folder)
    print(verdict.text())
    if verdict.good and not options.keep:
        shutil.rmtree(folder)
        return 0
    if verdict.good:
        print(f"kept: {folder}")
        return 0
    print(f"\nFAILED. Again: make chaos SECONDS={options.seconds:.0f} with --seed {seed}; all that is left: {folder}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
