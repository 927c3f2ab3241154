"""A class name says one thing: whoever reads it need not ask which of two is meant."""

from collections import defaultdict
from pathlib import Path

from tests.unit.structure.tree import outline, product

ALLOWED = {"Config": "amqtt asks each of its plugins for a class of this very name"}


def test_no_class_name_stands_twice() -> None:
    homes = _homes(describing=False)
    twice = {name: files for name, files in homes.items() if len(files) > 1 and name not in ALLOWED}
    assert "\n".join(f"{name}: {', '.join(map(str, files))}" for name, files in sorted(twice.items())) == ""


def test_a_body_of_the_api_shares_its_name_only_with_what_it_describes() -> None:
    """The one rule of the API's names: a body is called like the thing it tells of, and there is one body for each."""
    bodies, things = _homes(describing=True), _homes(describing=False)
    twice = {name: files for name, files in bodies.items() if len(files) > 1}
    twice |= {name: [*files, *things[name]] for name, files in bodies.items() if len(things.get(name, [])) > 1}
    assert "\n".join(f"{name}: {', '.join(map(str, files))}" for name, files in sorted(twice.items())) == ""


def test_what_is_allowed_is_needed() -> None:
    assert [name for name in ALLOWED if len(_homes(describing=False)[name]) < 2] == []


def _homes(*, describing: bool) -> dict[str, list[Path]]:
    """The files of every class by its name: of the bodies of the API, or of everything else."""
    homes: dict[str, list[Path]] = defaultdict(list)
    for path in product("py"):
        if (path.parts[0] == "web" and path.stem.endswith("bodies")) is describing:
            for name in outline(path).classes:
                homes[name].append(path)
    return homes
