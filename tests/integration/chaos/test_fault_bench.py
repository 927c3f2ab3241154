"""The fault bench: minutes of village life under faults, in which the rules hold, and wrong builds, which it must see.

All in one file, hence one after the other: each is a village of its own, in real time, and two would starve each other.
"""

from pathlib import Path

import pytest

from tests.chaos.faults import broken
from tests.chaos.run import a_minute_with_sixty_faults, the_stations_own_machine
from tests.chaos.scenes import SCENES, play
from tests.chaos.village.village import Breaks
from tests.integration.chaos.needs import NEEDS_CARD, NEEDS_MOSQUITTO

pytestmark = [pytest.mark.integration, pytest.mark.long, pytest.mark.limit(900), NEEDS_MOSQUITTO]
EACH = [pytest.param(name, marks=NEEDS_CARD if scene.card else ()) for name, scene in SCENES.items()]
FOUND_SOMETHING = (3,)
"""Seeds that once did; whoever finds something with another adds it."""


@pytest.mark.parametrize("seed", FOUND_SOMETHING)
def test_a_minute_with_sixty_faults_leaves_every_rule_standing(seed: int, tmp_path: Path) -> None:
    a_minute_with_sixty_faults(seed, tmp_path)


def test_a_station_whose_own_machine_fails_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """Its clock, its files, a node's files, and a copy of its past."""
    verdict = the_stations_own_machine(tmp_path)
    assert verdict.good, verdict.text()
    assert sum(heard.whole for heard in verdict.case.evidence.heard) >= 1, "the last order sounded"


def caught(name: str, breaks: Breaks, kind: str, folder: Path) -> bool:
    """Whether the broken build showed itself. Its fault needs an unlucky moment, which a busy machine may let slip: it
    gets three plays."""
    return any(kind in play(SCENES[name], folder / str(number), breaks=breaks).kinds() for number in range(3))


def test_a_station_that_sends_an_agenda_once_and_never_again_is_caught(tmp_path: Path) -> None:
    assert caught("send-once", Breaks(station="send-once"), "not played", tmp_path)


def test_a_node_without_a_ledger_is_caught(tmp_path: Path) -> None:
    assert caught("no-ledger", Breaks(node="no-ledger"), "played twice", tmp_path)


@NEEDS_CARD
def test_a_ledger_that_is_left_to_the_system_is_caught_by_a_power_cut(tmp_path: Path) -> None:
    assert caught("sync-off", Breaks(node="sync-off"), "played twice", tmp_path)


@pytest.mark.parametrize("name", EACH)
def test_the_build_as_it_is_passes_what_the_broken_one_does_not(name: str, tmp_path: Path) -> None:
    verdict = play(SCENES[name], tmp_path, breaks=Breaks())
    assert verdict.good, verdict.text()
    assert any(heard.whole for heard in verdict.case.evidence.heard), "something sounded at all"


def test_every_break_has_its_scene() -> None:
    assert set(SCENES) == set(broken.BREAKS)
