"""A level above on a real port and communes below it, each test with fresh folders."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.rig.exchange.sites import Lower, Planted, Upper


@pytest.fixture(scope="session")
def planted(quick_passwords: None) -> Iterator[Planted]:
    from tests.rig.exchange.sites import Planted

    shared = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else None) as folder:
        yield Planted(Path(folder))


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as parts:
        yield parts


@pytest.fixture
def places(planted: Planted) -> Iterator[Path]:
    """In memory where the system has a folder there: the tests are not about the disk."""
    with tempfile.TemporaryDirectory(dir=planted.folder) as folder:
        yield Path(folder)


@pytest.fixture
def above(planted: Planted, places: Path, stack: ExitStack) -> Callable[[str], Upper]:
    """Another level above."""
    from tests.rig.exchange.sites import Upper

    def made(station: str) -> Upper:
        upper = Upper.at(planted, places / station, station, nodes_of_it=0)
        return stack.enter_context(upper.served(planted))

    return made


@pytest.fixture
def upper(above: Callable[[str], Upper]) -> Upper:
    return above("thai-nguyen")


@pytest.fixture
def below(planted: Planted, places: Path, stack: ExitStack) -> Callable[[str], Lower]:
    """Another commune."""
    from tests.rig.exchange.sites import Lower

    def made(station: str) -> Lower:
        lower = Lower.at(planted, places / station, station, nodes_of_it=2)
        stack.callback(lower.close)
        return lower

    return made


@pytest.fixture
def lower(below: Callable[[str], Lower]) -> Lower:
    return below("con-minh")
