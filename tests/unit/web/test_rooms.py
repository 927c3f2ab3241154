"""How the console's rooms are built: what each may hold, and where it stands."""

import re
from pathlib import Path

WEB = Path(__file__).parents[3] / "web"
WIDEST = 160
LOOSE = {"api_routes.py", "app.py", "rooms.py", "serve.py", "__init__.py", "py.typed"}
"""What puts the rooms together; everything else stands in a room."""


def test_no_query_is_written_in_the_console() -> None:
    asking = [path for path in WEB.rglob("*.py") if re.search(r"\bselect\(", path.read_text())]
    assert asking == []


def test_no_line_of_a_template_is_wider_than_a_screen() -> None:
    wide = [
        f"{path.relative_to(WEB)}:{number}"
        for path in [*WEB.rglob("*.html"), *WEB.rglob("*.xml")]
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > WIDEST
    ]
    assert wide == []


def test_every_file_stands_in_a_room_beside_its_noun() -> None:
    assert {path.name for path in WEB.iterdir() if path.is_file()} == LOOSE
    pages = [path for path in WEB.rglob("*.html") if path.parent.name != "templates" or path.parents[2] != WEB]
    styles = [path for kind in ("css", "js", "svg") for path in WEB.rglob(f"*.{kind}")]
    assert pages == []
    assert [path for path in styles if path.parent.name != "static" or path.parents[2] != WEB] == []


def test_every_named_template_and_file_is_there() -> None:
    """``room/file`` means ``web/room/templates/file``, or ``static``."""
    lost = []
    for path in [*WEB.rglob("*.html"), *WEB.rglob("*.xml"), *WEB.rglob("*.py")]:
        text = path.read_text()
        named = re.findall(r"(?:include|extends|from|import|render_template\()\s*[\"']([a-z_]+)/([a-z_]+\.html)", text)
        static = re.findall(r"static_url\([\"']([a-z_]+)/([^\"']+)", text)
        lost += [
            f"{path.name}: {room}/{file}" for room, file in named if not (WEB / room / "templates" / file).is_file()
        ]
        lost += [f"{path.name}: {room}/{file}" for room, file in static if not (WEB / room / "static" / file).is_file()]
    assert lost == []
