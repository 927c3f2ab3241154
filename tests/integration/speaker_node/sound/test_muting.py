"""Whoever stands at the node can silence it."""

import pytest

from broadcaster.protocol.reasons import ReasonCode
from broadcaster.protocol.values import DeliveryState as State
from tests.integration.speaker_node.conftest import StartNode
from tests.rig.clips import noise_clip
from tests.rig.station import TestStation, item, soon

pytestmark = pytest.mark.integration


def test_the_local_switch_ends_what_sounds_tells_the_station_and_lets_the_next_play_when_it_is_back(
    start_node: StartNode, station: TestStation
) -> None:
    clip = noise_clip(8)
    station.publish_clip(clip)
    first, second = item(clip, start_at=soon(2.5)), item(clip, start_at=soon(6), within_seconds=120)
    station.publish_agenda(station.agenda("loa-1", first, second, clips=[clip]))
    node = start_node()
    station.receipt(first.broadcast, State.PLAYING)

    (node.settings.data / "mute").touch()
    cut = station.receipt(first.broadcast, State.INTERRUPTED)
    assert cut.reason == ReasonCode.LOCAL_SWITCH
    assert cut.played_ms < 4000
    assert station.wait(lambda: station.statuses[-1].muted)

    (node.settings.data / "mute").unlink()
    assert station.wait(lambda: not station.statuses[-1].muted)
    station.receipt(second.broadcast, State.PLAYED)
