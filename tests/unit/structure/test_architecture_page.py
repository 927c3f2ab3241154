"""``docs/architecture.md`` shows the tree as it is: every room is on it, and what it names is there."""

import re
from pathlib import Path

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
