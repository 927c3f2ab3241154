"""A node installs from wheels alone: every pinned package has one for a 64-bit Raspberry Pi, for each Python."""

import csv
import re
import runpy
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

REQUIREMENTS = Path(__file__).parents[3] / "requirements"
PI = runpy.run_path(str(REQUIREMENTS / "node_wheels.py"))
"""The script that writes the list knows what a Pi accepts."""
PINS = (REQUIREMENTS / "node.txt").read_text("utf-8").replace("\\\n", " ")
LIST = (REQUIREMENTS / "node-wheels.tsv").read_text("utf-8").splitlines()
ROWS = list(csv.DictReader(LIST, delimiter="\t"))


def pinned(python: tuple[int, int]) -> dict[str, tuple[str, set[str]]]:
    """Version and permitted hashes of what a Pi with this Python installs."""
    found = {}
    for line in PINS.splitlines():
        words = re.split(r"\s+--hash=sha256:", line.strip())
        if not words[0] or words[0].startswith("#"):
            continue
        wanted = Requirement(words[0])
        if wanted.marker is None or wanted.marker.evaluate(PI["environment"](python)):
            (version,) = wanted.specifier
            found[canonicalize_name(wanted.name)] = (version.version, {word.strip() for word in words[1:]})
    return found


@pytest.mark.parametrize("python", PI["PYTHONS"])
def test_every_pinned_package_has_a_wheel_that_a_pi_accepts(python: tuple[int, int]) -> None:
    pins, accepted = pinned(python), set(PI["tags"](python))
    wheels = {row["package"]: row for row in ROWS if row["python"] == "{}.{}".format(*python)}
    assert wheels.keys() == pins.keys(), "run `make lock`"
    for name, (version, hashes) in pins.items():
        wheel = parse_wheel_filename(wheels[name]["wheel"])
        assert (wheel[0], str(wheel[1])) == (name, version)
        assert wheel[3] & accepted
        assert wheels[name]["sha256"] in hashes
