"""What the fault bench cannot do without; a machine that lacks it says so."""

import pytest

from tests.chaos.village.card import Card
from tests.rig import mosquitto

NEEDS_MOSQUITTO = pytest.mark.skipif(not mosquitto.installed(), reason="mosquitto is not installed")
NEEDS_CARD = pytest.mark.skipif(not Card.possible(), reason="a power cut needs root and loop devices")
