"""Whoever looks for the tests of a file finds them in the folder of the same name, and the other way round."""

from pathlib import Path

from tests.unit.structure.tree import ROOT, product, tracked

UNIT = Path("tests/unit")
OF_THE_WHOLE = {Path("structure"), Path("packaging")}
"""Tests of the tree itself, and of what is installed of it."""


def _room(folder: Path) -> list[Path]:
    """The folders a folder of tests mirrors: the rooms of ``broadcaster`` stand beside the other floors."""
    within = folder.relative_to(UNIT)
    return [path for path in (within, Path("broadcaster") / within, Path("tests") / within) if (ROOT / path).is_dir()]


def _unit_tests() -> list[Path]:
    return [
        path
        for path in tracked("py")
        if path.is_relative_to(UNIT) and path.parent.relative_to(UNIT) not in OF_THE_WHOLE and path.parent != UNIT
    ]


def test_every_folder_of_unit_tests_mirrors_a_room() -> None:
    assert "\n".join(sorted({str(path.parent) for path in _unit_tests() if not _room(path.parent)})) == ""


def test_a_test_named_after_a_file_lies_as_deep_as_that_file() -> None:
    homes: dict[str, set[Path]] = {}
    for path in product("py"):
        homes.setdefault(path.stem, set()).add(path.parent)
    lost = []
    for path in _unit_tests():
        rooms = _room(path.parent)
        named = homes.get(path.stem.removeprefix("test_"), set()) if path.stem.startswith("test_") else set()
        deeper = [home for home in named if any(home.is_relative_to(room) for room in rooms)]
        if len(deeper) == 1 and not named.intersection(rooms):
            lost.append(f"{path}: {', '.join(map(str, deeper))}")
    assert "\n".join(lost) == ""
