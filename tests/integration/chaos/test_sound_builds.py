"""The build as it is, in the scenes in which ``test_broken_builds`` has wrong ones caught."""

from pathlib import Path

import pytest

from tests.chaos.scenes import SCENES, play
from tests.chaos.village.village import Breaks
from tests.integration.chaos.needs import NEEDS_CARD, NEEDS_MOSQUITTO

pytestmark = [pytest.mark.integration, pytest.mark.long, NEEDS_MOSQUITTO]
EACH = [pytest.param(name, marks=NEEDS_CARD if scene.card else ()) for name, scene in SCENES.items()]


@pytest.mark.parametrize("name", EACH)
def test_the_build_as_it_is_passes_what_the_broken_one_does_not(name: str, tmp_path: Path) -> None:
    verdict = play(SCENES[name], tmp_path, breaks=Breaks())
    assert verdict.good, verdict.text()
    assert any(heard.whole for heard in verdict.case.evidence.heard), "something sounded at all"
