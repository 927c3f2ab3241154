"""``docs/architecture.md`` shows the tree as it is: every room is on it, and what it names is there."""

import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from tests.unit.structure.tree import ROOT, product, text, tracked

PAGE = Path("docs/architecture.md")
SHOWN_WITH_THEIR_ROOMS = ("web", "speaker_node", "broadcaster", "broadcaster/station", "broadcaster/text")
"""Folders of which the page names every room."""
NAMED = re.compile(r"`([\w/.*-]+)`")


def test_every_room_stands_on_the_page() -> None:
    folders = {path.parent for path in product("py")}
    page = text(PAGE)
    missing = [
        str(room)
        for room in sorted(folders)
        if str(room.parent) in SHOWN_WITH_THEIR_ROOMS and not re.search(rf"[`/]{re.escape(room.name)}[`/]", page)
    ]
    assert missing == []


def test_every_file_the_page_names_is_there() -> None:
    files = [str(path) for path in tracked("py", "md", "tsv")]
    named = {name for name in NAMED.findall(text(PAGE)) if re.search(r"\.(?:py|md|tsv)$", name) and "*" not in name}
    lost = [name for name in sorted(named) if not any(f"/{path}".endswith(f"/{name}") for path in files)]
    assert lost == []


def test_every_folder_the_page_names_is_there() -> None:
    folders = {f"/{each}/" for path in tracked("py", "tsv", "html", "css", "po", "md") for each in path.parents}
    named = {name for name in NAMED.findall(text(PAGE)) if name.endswith("/")}
    assert [name for name in sorted(named) if not any(each.endswith(f"/{name}") for each in folders)] == []
    assert (ROOT / PAGE).is_file()


def layers_of(room: str) -> list[list[str]]:
    """The contract that imports inside a room obey, from the top down; without the room's own name before each."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    found = next(
        each["layers"]
        for each in contracts
        if each["type"] == "layers"
        and (each.get("containers") == [room] or all(layer.startswith(f"{room}.") for layer in each["layers"]))
    )
    return [[name.removeprefix(f"{room}.") for name in layer.split(" | ")] for layer in found]


def test_the_floors_of_the_console_are_those_that_imports_obey() -> None:
    rows = re.findall(r"^\| (?:together|\d) \| (.+) \|$", text(PAGE), re.MULTILINE)
    rooms = {path.parts[1] for path in product("py") if path.parts[0] == "web" and len(path.parts) > 2}
    shown = [rooms.intersection(re.findall(r"`(\w+)`", row)) for row in rows]
    held = [rooms.intersection(layer) for layer in layers_of("web")]
    assert [floor for floor in shown if floor] == [floor for floor in held if floor]


@pytest.mark.parametrize("room", ["broadcaster/station", "broadcaster/text", "speaker_node"])
def test_rooms_are_shown_from_the_top_floor_down(room: str) -> None:
    part = text(PAGE).partition(f"### Inside `{room}/`")[2].partition("\n### ")[0]
    shown = [re.findall(r"`(\w+)/`", row) for row in re.findall(r"^\| ([^|]+) \|", part, re.MULTILINE)]
    floor = {name: depth for depth, layer in enumerate(layers_of(room.replace("/", "."))) for name in layer}
    below = [(first, second) for above, rest in pairwise(shown) for first in above for second in rest]
    assert [pair for pair in below if floor.get(pair[0], 0) > floor.get(pair[1], len(floor))] == []
