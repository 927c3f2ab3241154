"""What tests of every kind start from."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.rig import postgres

pytest_plugins = ["tests.rig.databases", "tests.rig.running.limits"]
HERE = Path(__file__).parent

# Generated texts are the same on every machine, and no busy one fails by its clock.
settings.register_profile("house", derandomize=True, database=None, deadline=None)
settings.load_profile("house")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes comes first, and the rest fills the gaps beside it: files of the browser's, which keep the
    machine busy, and of the others, which mostly wait, by turns."""
    files: defaultdict[str, dict[Path, None]] = defaultdict(dict)
    for item in items:
        files[item.path.relative_to(HERE).parts[0]][item.path] = None
    turn = {path: at / len(room) for room in files.values() for at, path in enumerate(room)}
    items.sort(key=lambda item: (item.get_closest_marker("long") is None, turn[item.path]))


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgres.Cluster]:
    """A PostgreSQL of this run's own; whoever uses it makes databases of their own in it."""
    reason = postgres.missing()
    if reason:
        pytest.skip(reason)
    with postgres.Cluster() as made:
        yield made
