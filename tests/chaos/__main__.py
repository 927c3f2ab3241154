"""``make chaos``: one run, its verdict, and an exit code."""

import argparse
import random
import shutil
import sys
import tempfile
from pathlib import Path

from tests.chaos.judging.verdict import Verdict
from tests.chaos.run import Plan, run
from tests.chaos.village.card import Card

FAILING = Path(__file__).with_name("failing-seeds.tsv")
"""Every run that broke a rule is written down here: its seed, its arguments, what it broke."""


def main() -> int:
    """0 when every rule held, 1 when not; the folder of a run that failed is kept."""
    options = _parser().parse_args()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1_000_000)
    if not Card.possible():
        print("no root or no loop device: power cuts and full cards are left out")
    folder = Path(tempfile.mkdtemp(prefix="loa-chaos-"))
    plan = Plan(
        seed=seed,
        seconds=options.seconds,
        virtual_nodes=options.nodes,
        fault_seconds=options.every,
        life_seconds=options.life,
        faults=options.faults,
        plays=options.plays,
        speaks=not options.no_live,
        longest_seconds=options.longest if options.faults or options.plays else 0.0,
    )
    verdict = run(plan, folder)
    print(verdict.text())
    if verdict.good and not options.keep:
        shutil.rmtree(folder)
        return 0
    if verdict.good:
        print(f"kept: {folder}")
        return 0
    _write_down(seed, verdict)
    print(f"\nFAILED. Again: make chaos SECONDS={options.seconds:.0f} with --seed {seed}; all that is left: {folder}")
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make chaos", description="A village under faults, and a judge.")
    parser.add_argument("--seconds", type=float, default=60.0, help="of faults (default 60)")
    parser.add_argument("--seed", type=int, default=None, help="of village and faults; a new one when not given")
    parser.add_argument("--nodes", type=int, default=4)
    parser.add_argument("--every", type=float, default=0.85, metavar="SECONDS", help="mean pause between two faults")
    parser.add_argument(
        "--life", type=float, default=1.5, metavar="SECONDS", help="mean pause between two deeds of people"
    )
    parser.add_argument("--faults", type=int, default=0, help="go on until so many struck")
    parser.add_argument("--plays", type=int, default=0, help="go on until so many are due")
    parser.add_argument("--longest", type=float, default=7200.0, metavar="SECONDS", help="but no longer than this")
    parser.add_argument("--no-live", action="store_true", help="nobody speaks live")
    parser.add_argument("--keep", action="store_true", help="keep the folder of a good run too")
    return parser


def _write_down(seed: int, verdict: Verdict) -> None:
    with FAILING.open("a", encoding="utf-8") as file:
        file.write(f"{seed}\t{' '.join(sys.argv[1:])}\t{', '.join(sorted(verdict.kinds()))}\n")


if __name__ == "__main__":
    sys.exit(main())
