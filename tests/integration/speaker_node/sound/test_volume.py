"""The hour of the day is heard, also by a clip that sounds across it."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy
import pytest
import soundfile

from broadcaster.protocol.agenda import Policy
from broadcaster.protocol.values import BroadcastClass, DeliveryState
from speaker_node.assembly import Substitutes
from speaker_node.clock.node_clock import NodeClock, TimeSources
from tests.integration.speaker_node.conftest import QUICK, StartNode
from tests.rig.clips import TestClip, noise_clip
from tests.rig.station import TestStation, item

pytestmark = pytest.mark.integration
NODE = "loa-1"
HOUR = 3600
UNTIL_HOUR_SECONDS = 4.0


def _share(sounded: Path, clip: TestClip, begin: float, end: float) -> float:
    """How strong this stretch of the recording is beside the same stretch of the clip."""
    samples, rate = soundfile.read(sounded)
    part = slice(int(begin * rate), int(end * rate))
    return float(numpy.sqrt(numpy.mean(samples[part] ** 2) / numpy.mean(clip.samples[part] ** 2)))


@pytest.mark.parametrize(
    ("kind", "before", "after"), [(BroadcastClass.ROUTINE, 0.8, 0.2), (BroadcastClass.EMERGENCY, 1.0, 1.0)]
)
def test_a_clip_that_sounds_across_the_hour_is_softer_from_there_on_unless_it_is_an_emergency(
    station: TestStation, start_node: StartNode, tmp_path: Path, kind: BroadcastClass, before: float, after: float
) -> None:
    clip = noise_clip(5)
    station.publish_clip(clip)
    real = time.time()
    hour = (real // HOUR + 1) * HOUR
    ahead = hour - UNTIL_HOUR_SECONDS - real
    shifted = TimeSources(wall=lambda: time.time() + ahead)
    clock = NodeClock(NODE, memory=tmp_path / "clock.json", trust_system=True, sources=shifted)
    node = start_node(substitutes=Substitutes(clock=clock, times=QUICK))
    at = datetime.fromtimestamp(hour, UTC)
    softly = tuple(20 if each == at.hour else 80 for each in range(24))
    broadcast = item(clip, start_at=at - timedelta(seconds=2), kind=kind)
    policy = Policy(timezone="UTC", volume_profile=softly)
    station.publish_agenda(station.agenda(NODE, broadcast, clips=[clip], policy=policy))
    station.receipt(broadcast.broadcast, DeliveryState.PLAYED)

    (sounded,) = node.played()
    assert abs(_share(sounded, clip, 0.2, 1.8) - before) < 0.05
    assert abs(_share(sounded, clip, 3.3, 4.8) - after) < 0.05
