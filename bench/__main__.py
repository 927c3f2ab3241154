"""``make bench``: every measurement in a process of its own, beside its baseline; ``python -m bench text`` runs one.

Exit code 1 when one of them could not be run.
"""

import subprocess
import sys
from pathlib import Path

ROOMS = ("live",)
"""Measurements in folders of their own that are run with the others."""


def main(wanted: list[str]) -> int:
    here = Path(__file__).parent
    known = sorted([*(path.stem for path in here.glob("*.py") if _is_measurement(path)), *ROOMS])
    if unknown := set(wanted) - set(known):
        print(f"No such measurement: {', '.join(sorted(unknown))}. There are: {', '.join(known)}.", file=sys.stderr)
        return 2
    failed = [name for name in wanted or known if _run(name, here.parent) != 0]
    if failed:
        print(f"\nCould not measure: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _is_measurement(path: Path) -> bool:
    return path.stem != "__main__" and '__name__ == "__main__"' in path.read_text(encoding="utf-8")


def _run(name: str, root: Path) -> int:
    print(f"\n== {name} ==", flush=True)
    return subprocess.run([sys.executable, "-m", f"bench.{name}"], cwd=root, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
