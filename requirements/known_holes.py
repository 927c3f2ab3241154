"""Looks whether a pinned version has a known hole, offline, in a list of advisories in the OSV format.

Usage: python -m requirements.known_holes [LIST]. LIST is a folder of advisories (``*.json``) or a zip of them, such as
the one OSV offers for PyPI; without it $ADVISORIES, else var/advisories or var/advisories.zip. Without a list it says
so and ends with 0. A hole that does not reach us stands in requirements/accepted-holes.tsv, with the reason.
Ends with 1 when a pinned version has a hole that nobody accepted.
"""

import json
import os
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

from requirements import pins
from requirements.pins import Pin

ROOT = Path(__file__).parents[1]
ACCEPTED = Path(__file__).parent / "accepted-holes.tsv"


@dataclass(frozen=True, slots=True)
class Hole:
    """pin: what is pinned; advisory: its id; summary: what is wrong."""

    pin: Pin
    advisory: str
    summary: str


def list_at_hand(arguments: list[str]) -> Path | None:
    """Where the advisories are; None when there are none."""
    named = arguments[0] if arguments else os.environ.get("ADVISORIES", "")
    places = [Path(named)] if named else [ROOT / "var" / "advisories", ROOT / "var" / "advisories.zip"]
    return next((each for each in places if each.exists()), None)


def advisories(path: Path) -> Iterator[Mapping[str, Any]]:
    """Every advisory in a folder or a zip."""
    if path.is_dir():
        for each in sorted(path.rglob("*.json")):
            yield json.loads(each.read_text(encoding="utf-8"))
        return
    with zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            if name.endswith(".json"):
                yield json.loads(archive.read(name))


def holes(pinned: Iterable[Pin], known: Iterable[Mapping[str, Any]]) -> Iterator[Hole]:
    """The pinned versions that an advisory names."""
    by_name: dict[str, list[Pin]] = {}
    for pin in pinned:
        by_name.setdefault(pin.name, []).append(pin)
    for advisory in known:
        if advisory.get("withdrawn"):
            continue
        for affected in advisory.get("affected", ()):
            package = affected.get("package", {})
            mine = by_name.get(pins.normal(package.get("name", "")), ()) if package.get("ecosystem") == "PyPI" else ()
            yield from (Hole(pin, advisory["id"], advisory.get("summary", "")) for pin in mine if _hits(affected, pin))


def accepted(path: Path = ACCEPTED) -> dict[str, str]:
    """Reasons by advisory."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return dict(line.split("\t", 1) for line in lines if line and not line.startswith("#"))


def _hits(affected: Mapping[str, Any], pin: Pin) -> bool:
    if pin.version in affected.get("versions", ()):
        return True
    ranges = (each for each in affected.get("ranges", ()) if each.get("type") == "ECOSYSTEM")
    return any(_within(each.get("events", ()), Version(pin.version)) for each in ranges)


def _within(events: Iterable[Mapping[str, str]], version: Version) -> bool:
    """Whether the version lies between an event that brought the hole and one that ended it."""
    inside = False
    for event in events:
        for kind, at in event.items():
            place = _version(at)
            if place is None:
                continue
            if kind == "introduced" and version >= place:
                inside = True
            if (kind == "fixed" and version >= place) or (kind == "last_affected" and version > place):
                inside = False
    return inside


def _version(written: str) -> Version | None:
    try:
        return Version(written)
    except InvalidVersion:
        return None


def main(arguments: list[str]) -> int:
    path = list_at_hand(arguments)
    if path is None:
        print(
            "Known holes: no list of advisories at hand (var/advisories.zip, or ADVISORIES=…), so nothing was compared."
        )
        return 0
    pinned, known = pins.every(), accepted()
    found = {(hole.pin.name, hole.pin.version, hole.advisory): hole for hole in holes(pinned, advisories(path))}
    for hole in found.values():
        why = f" (accepted: {known[hole.advisory]})" if hole.advisory in known else ""
        print(f"{hole.pin.name} {hole.pin.version}: {hole.advisory} {hole.summary}{why}")
    left = [hole for hole in found.values() if hole.advisory not in known]
    print(f"Known holes: {len(pinned)} pinned versions compared with {path}; {len(left)} to be mended.")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
