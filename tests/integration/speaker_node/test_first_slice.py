"""A node against a real broker: from a signed agenda to receipts."""

import pytest
import soundfile

from broadcaster.protocol.values import DeliveryState
from tests.integration.speaker_node.conftest import StartNode
from tests.rig.clips import noise_clip
from tests.rig.station import TestStation, item, soon

pytestmark = pytest.mark.integration


def test_a_node_fetches_plays_and_reports_what_its_agenda_names(station: TestStation, start_node: StartNode) -> None:
    clip = noise_clip(1.5)
    station.publish_clip(clip)
    node = start_node()
    broadcast = item(clip, start_at=soon(2.5))
    station.publish_agenda(station.agenda("loa-1", broadcast, clips=[clip]))

    played = station.receipt(broadcast.broadcast, DeliveryState.PLAYED)

    assert station.states(broadcast.broadcast) == [DeliveryState.STORED, DeliveryState.PLAYING, DeliveryState.PLAYED]
    assert abs(played.played_ms - 1500) < 30
    playing = station.receipt(broadcast.broadcast, DeliveryState.PLAYING)
    assert abs((playing.at - broadcast.start_at).total_seconds()) < 0.05
    samples, rate = soundfile.read(node.played()[0])
    assert abs(len(samples) / rate - 1.5) < 0.03
