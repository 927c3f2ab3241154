"""The broker that cells share, or none where each runs its own."""

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from broadcaster.delivery.broker.cluster import rabbitmq as rabbitmq_files
from broadcaster.delivery.broker.cluster.tenancy import Tenancy
from tests.integration.delivery.broker import rabbitmq
from tests.rig.mosquitto import running

PASSWORD = "password-of-a-station-in-a-bench"
MOST_CONNECTIONS = "max_queued_messages 100000\nallow_anonymous true\n"


@dataclass(frozen=True)
class Shared:
    """settings: of a cell of this name, as behind ``--set``; pids: of the broker itself."""

    settings: Callable[[str], list[str]]
    pids: list[int]


@contextmanager
def own(_names: Sequence[str]) -> Iterator[Shared]:
    """Each cell's Mosquitto is a child of its station."""
    yield Shared(lambda _name: [], [])


@contextmanager
def shared_mosquitto(_names: Sequence[str]) -> Iterator[Shared]:
    """One for all; it lets in whoever comes, as the bench is about what passes through it."""
    with tempfile.TemporaryDirectory() as folder, running(Path(folder), config=MOST_CONNECTIONS) as broker:
        yield Shared(lambda name: _external(name, broker.port), [broker.pid])


@contextmanager
def shared_rabbitmq(names: Sequence[str]) -> Iterator[Shared]:
    """One for all, told of each station beforehand and of each node by its station."""
    stated: defaultdict[str, list[object]] = defaultdict(list)
    for name in names:
        made = rabbitmq_files.definitions(Tenancy(name, f"station-{name}", f"{name}."), {}, PASSWORD)
        for kind, rows in made.items():
            stated[kind] += [row for row in rows if row not in stated[kind]]
    with (
        tempfile.TemporaryDirectory() as folder,
        rabbitmq.running(Path(folder) / "rabbit", definitions=stated) as server,
    ):
        yield Shared(lambda name: [*_external(name, server.port), *_managed(server.management)], [])


def _external(name: str, port: int) -> list[str]:
    return [
        "broker.kind=external",
        "broker.host=127.0.0.1",
        f"broker.port={port}",
        f"broker.node_prefix={name}.",
        f"broker.username=station-{name}",
        f"broker.password={PASSWORD}",
    ]


def _managed(url: str) -> list[str]:
    return [
        "broker.management=rabbitmq",
        f"broker.management_url={url}",
        f"broker.management_username={rabbitmq.ADMINISTRATOR}",
        f"broker.management_password={rabbitmq.PASSWORD}",
    ]


BROKERS: Mapping[str, Callable[[Sequence[str]], AbstractContextManager[Shared]]] = {
    "own": own,
    "mosquitto": shared_mosquitto,
    "rabbitmq": shared_rabbitmq,
}
