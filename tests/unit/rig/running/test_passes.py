"""`make test` runs what failed beside others once more by itself, and only then; with a Python that plays pytest."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long
ROOT = Path(__file__).parents[4]
PLAYED = """#!{python}
import json, pathlib, subprocess, sys
arguments = sys.argv[1:]
if "lifeline.py" not in arguments[0]:
    sys.exit(subprocess.run([{python!r}, *arguments]).returncode)
again = "--last-failed" in arguments
name = next(each for each in arguments if each.startswith("cache_dir=")).rpartition("/")[2]
print("played", name, "again" if again else "first")
failed = {failures}.get(name, 0)
cache = pathlib.Path(".pytest_cache", name, "v/cache")
cache.mkdir(parents=True, exist_ok=True)
(cache / "lastfailed").write_text(json.dumps(dict.fromkeys(map(str, range(failed)), True)))
sys.exit({again_code} if again else {first_code} if failed else 0)
"""


def run(folder: Path, failures: dict[str, int], *, first_code: int = 1, again_code: int = 0) -> tuple[int, list[str]]:
    """Exit code, and which passes were run."""
    python = folder / "python"
    python.write_text(
        PLAYED.format(python=sys.executable, failures=failures, first_code=first_code, again_code=again_code)
    )
    python.chmod(0o755)
    (folder / "tests").symlink_to(ROOT / "tests")
    ended = subprocess.run(["sh", "tests/run.sh", str(python)], cwd=folder, capture_output=True, text=True, timeout=60)
    return ended.returncode, [line.split(" ", 1)[1] for line in ended.stdout.splitlines() if line.startswith("played")]


def test_all_that_passes_is_run_once(tmp_path: Path) -> None:
    assert run(tmp_path, {}) == (0, ["unit first", "integration first", "sound-card first"])


@pytest.mark.parametrize(("again_code", "status"), [(0, 0), (1, 1)])
def test_a_few_failures_are_run_again_and_that_run_counts(tmp_path: Path, again_code: int, status: int) -> None:
    passes = ["unit first", "integration first", "integration again", "sound-card first"]
    assert run(tmp_path, {"integration": 3}, again_code=again_code) == (status, passes)


def test_many_failures_are_no_accident(tmp_path: Path) -> None:
    assert run(tmp_path, {"unit": 5}) == (1, ["unit first", "integration first", "sound-card first"])


@pytest.mark.parametrize("code", [2, 3, 124])
def test_a_pass_that_was_stopped_has_failed(tmp_path: Path, code: int) -> None:
    status, passes = run(tmp_path, {"unit": 1}, first_code=code)
    assert (status, passes[:2]) == (1, ["unit first", "integration first"])
