"""The tree as git knows it."""

import ast
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PRODUCT = ("broadcaster", "loa", "scheduler", "speaker_node", "web")


@cache
def tracked(*kinds: str) -> list[Path]:
    """Every file of these kinds that is, or will be, in git; from the root."""
    patterns = [f"*.{kind}" for kind in kinds]
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", "--", *patterns]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("no git here, so nobody knows what belongs to the tree")
    return [Path(line) for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def product(*kinds: str) -> list[Path]:
    """Those of the product itself."""
    return [path for path in tracked(*kinds) if path.parts[0] in PRODUCT]


@cache
def text(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(text(path))
