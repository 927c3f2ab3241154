"""The judge is worth something only if it sees a wrong build; ``test_sound_builds`` has the right one in the same."""

from pathlib import Path

import pytest

from tests.chaos.faults import broken
from tests.chaos.scenes import SCENES, play
from tests.chaos.village.village import Breaks
from tests.integration.chaos.needs import NEEDS_CARD, NEEDS_MOSQUITTO

pytestmark = [pytest.mark.integration, pytest.mark.long, NEEDS_MOSQUITTO]


def test_a_station_that_sends_an_agenda_once_and_never_again_is_caught(tmp_path: Path) -> None:
    verdict = play(SCENES["send-once"], tmp_path, breaks=Breaks(station="send-once"))
    assert "not played" in verdict.kinds(), verdict.text()


def test_a_node_without_a_ledger_is_caught(tmp_path: Path) -> None:
    verdict = play(SCENES["no-ledger"], tmp_path, breaks=Breaks(node="no-ledger"))
    assert "played twice" in verdict.kinds(), verdict.text()


@NEEDS_CARD
def test_a_ledger_that_is_left_to_the_system_is_caught_by_a_power_cut(tmp_path: Path) -> None:
    verdict = play(SCENES["sync-off"], tmp_path, breaks=Breaks(node="sync-off"))
    assert "played twice" in verdict.kinds(), verdict.text()


def test_every_break_has_its_scene() -> None:
    assert set(SCENES) == set(broken.BREAKS)
