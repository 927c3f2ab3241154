"""A minute of village life under faults; the rules hold."""

from pathlib import Path

import pytest

from tests.chaos.run import Plan, run
from tests.rig import mosquitto

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(not mosquitto.installed(), reason="mosquitto is not installed"),
]
FAULTS = 60
SEEDS = (2, 3)
"""Seeds that once found something stay here."""


@pytest.mark.parametrize("seed", SEEDS)
def test_a_minute_with_sixty_faults_leaves_every_rule_standing(seed: int, tmp_path: Path) -> None:
    verdict = run(Plan(seed=seed), tmp_path)
    assert verdict.good, verdict.text()
    assert verdict.case.diary.faults >= FAULTS
    assert sum(heard.whole for heard in verdict.case.evidence.heard) >= 5, "there was life to be judged"
