"""What tests of every kind start from."""

from collections.abc import Iterator

import pytest

from tests.rig import postgres

pytest_plugins = ["tests.rig.houses"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes comes first, and the rest fills the gaps beside it."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgres.Cluster]:
    """A PostgreSQL of this run's own; whoever uses it makes databases of their own in it."""
    reason = postgres.missing()
    if reason:
        pytest.skip(reason)
    with postgres.Cluster() as made:
        yield made
