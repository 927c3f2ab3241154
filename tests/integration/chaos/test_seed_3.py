"""A minute of village life under faults; the rules hold. A seed that once found something stays, in a file of its own:
files run side by side, and a minute is long."""

from pathlib import Path

import pytest

from tests.chaos.run import a_minute_with_sixty_faults
from tests.integration.chaos.needs import NEEDS_MOSQUITTO

pytestmark = [pytest.mark.integration, pytest.mark.long, NEEDS_MOSQUITTO]


def test_a_minute_with_sixty_faults_leaves_every_rule_standing(tmp_path: Path) -> None:
    a_minute_with_sixty_faults(3, tmp_path)
