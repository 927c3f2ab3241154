"""Which wheel a node takes of every pinned package: a Raspberry Pi with a 64-bit system compiles nothing.

Usage: python requirements/node_wheels.py PYLOCK > requirements/node-wheels.tsv (``make lock`` does it). PYLOCK is
``node.txt`` as ``pylock.toml``. Fails when a package has no wheel for one of the Pythons.
"""

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.markers import Marker
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import parse_wheel_filename

PYTHONS = ((3, 11), (3, 12), (3, 13))
GLIBC_MINOR = 36
"""Of Raspberry Pi OS 12, the oldest with Python 3.11."""
PLATFORMS = [f"manylinux_2_{minor}_aarch64" for minor in range(GLIBC_MINOR, 16, -1)] + ["manylinux2014_aarch64"]


def tags(python: tuple[int, int]) -> list[Tag]:
    """What such a Pi accepts, best first."""
    interpreter = f"cp{python[0]}{python[1]}"
    return [
        *cpython_tags(python, platforms=PLATFORMS),
        *compatible_tags(python, interpreter=interpreter, platforms=PLATFORMS),
    ]


def environment(python: tuple[int, int]) -> dict[str, str]:
    """What a marker is judged by on such a Pi."""
    version = f"{python[0]}.{python[1]}"
    return {
        "python_version": version,
        "python_full_version": f"{version}.0",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "platform_machine": "aarch64",
        "platform_system": "Linux",
        "sys_platform": "linux",
        "os_name": "posix",
    }


def chosen(packages: list[dict[str, Any]], python: tuple[int, int]) -> Iterator[tuple[str, str, str]]:
    """Name, file and sha256 of each package's best wheel. Raises LookupError for one that has none."""
    rank = {tag: place for place, tag in enumerate(tags(python))}
    for package in packages:
        if "marker" in package and not Marker(package["marker"]).evaluate(environment(python)):
            continue
        found = []
        for wheel in package.get("wheels", ()):
            name = wheel["url"].rsplit("/", 1)[1]
            places = [rank[tag] for tag in parse_wheel_filename(name)[3] if tag in rank]
            if places:
                found.append((min(places), name, wheel["hashes"]["sha256"]))
        if not found:
            raise LookupError(f"{package['name']} {package['version']} has no wheel for Python {python} on aarch64")
        yield package["name"], *min(found)[1:]


def main(lock: Path) -> None:
    packages = tomllib.loads(lock.read_text("utf-8"))["packages"]
    rows = [(f"{python[0]}.{python[1]}", *row) for python in PYTHONS for row in chosen(packages, python)]
    sys.stdout.writelines("\t".join(row) + "\n" for row in (("python", "package", "wheel", "sha256"), *rows))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
