"""Somebody copied a card: two machines speak under one identity, and the station can tell."""

import itertools
from pathlib import Path

import pytest

from speaker_node.assembly import Substitutes
from speaker_node.setup.settings import LocalSettings
from tests.integration.speaker_node.conftest import QUICK, RunningNode
from tests.rig.station import TestStation

pytestmark = pytest.mark.integration


def test_two_machines_with_one_identity_speak_in_turn(station: TestStation, tmp_path: Path) -> None:
    def machine(name: str) -> RunningNode:
        data = tmp_path / name
        settings = LocalSettings(station.bundle("loa-1"), data, memory=data, sound="file", trust_clock=True)
        return RunningNode(settings, Substitutes(times=QUICK))

    machines = [machine("card"), machine("copy")]
    try:
        assert station.wait(lambda: len(_turns(station)) >= 3)
        first, second, third = _turns(station)[:3]
        assert first == third != second
    finally:
        for each in machines:
            each.stop()


def _turns(station: TestStation) -> list[str]:
    """The starts that spoke, as long as it was the same one counted once; wills name none."""
    return [boot for boot, _ in itertools.groupby(said.boot for said in station.statuses if said.at is not None)]
