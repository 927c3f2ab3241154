"""A node against a real broker: from a signed agenda to sound and receipts."""

from datetime import UTC, datetime, timedelta

import numpy
import pytest
import soundfile

from broadcaster.protocol.agenda import Policy, QuietHours, StopOrder
from broadcaster.protocol.reasons import ReasonCode
from broadcaster.protocol.values import BroadcastClass, DeliveryState
from speaker_node.deciding.arbiter import PREEMPTION
from tests.integration.speaker_node.conftest import StartNode, on_time
from tests.rig.clips import TestClip, noise_clip
from tests.rig.station import TestStation, item, soon

pytestmark = pytest.mark.integration
State = DeliveryState
NODE = "loa-1"


@pytest.fixture(scope="module")
def short() -> TestClip:
    return noise_clip(0.8, seed=1)


@pytest.fixture(scope="module")
def long() -> TestClip:
    return noise_clip(6, seed=2)


def test_a_node_fetches_plays_and_reports_what_its_agenda_names(station: TestStation, start_node: StartNode) -> None:
    clip = noise_clip(1.5)
    station.publish_clip(clip)
    node = start_node()
    broadcast = item(clip, start_at=soon(2.5))
    station.publish_agenda(station.agenda(NODE, broadcast, clips=[clip]))

    played = station.receipt(broadcast.broadcast, State.PLAYED)

    assert station.states(broadcast.broadcast) == [State.STORED, State.PLAYING, State.PLAYED]
    assert abs(played.played_ms - 1500) < 30
    playing = station.receipt(broadcast.broadcast, State.PLAYING)
    assert on_time(playing.at, broadcast.start_at)
    samples, rate = soundfile.read(node.played()[0])
    assert abs(len(samples) / rate - 1.5) < 0.03


def test_a_live_order_sounds_as_soon_as_its_clip_has_come(
    station: TestStation, start_node: StartNode, short: TestClip
) -> None:
    start_node()
    order = item(short, start_at=soon(0), live=True)
    station.publish_agenda(station.agenda(NODE, order, clips=[short]))
    station.wait(lambda: any(s.agenda_number == 1 for s in station.statuses))
    came_at = datetime.now(UTC)
    station.publish_clip(short)

    playing = station.receipt(order.broadcast, State.PLAYING)

    assert (playing.at - came_at).total_seconds() < 1
    station.receipt(order.broadcast, State.PLAYED)


def test_parts_sound_one_after_the_other_without_a_gap(
    station: TestStation, start_node: StartNode, short: TestClip
) -> None:
    second = noise_clip(0.5, seed=3)
    for clip in (short, second):
        station.publish_clip(clip)
    node = start_node()
    programme = item([short, second, short], start_at=soon(1.5))
    station.publish_agenda(station.agenda(NODE, programme, clips=[short, second]))

    assert abs(station.receipt(programme.broadcast, State.PLAYED).played_ms - 2100) < 60
    samples, rate = soundfile.read(node.played()[0])
    assert abs(len(samples) / rate - 2.1) < 0.06


def test_an_emergency_takes_over_within_a_second_and_the_interrupted_may_resume(
    station: TestStation, start_node: StartNode, short: TestClip, long: TestClip
) -> None:
    for clip in (short, long):
        station.publish_clip(clip)
    start_node()
    routine = item(long, start_at=soon(1.5), resume=True)
    station.publish_agenda(station.agenda(NODE, routine, clips=[short, long]))
    station.receipt(routine.broadcast, State.PLAYING)

    emergency = item(short, start_at=soon(0), kind=BroadcastClass.EMERGENCY, live=True)
    ordered_at = datetime.now(UTC)
    station.publish_agenda(station.agenda(NODE, routine, emergency, clips=[short, long]))

    assert (station.receipt(emergency.broadcast, State.PLAYING).at - ordered_at).total_seconds() < 1
    station.receipt(emergency.broadcast, State.PLAYED)
    assert abs(station.receipt(routine.broadcast, State.PLAYED).played_ms - 6000) < 60
    assert station.states(routine.broadcast) == [State.STORED, State.PLAYING, State.PLAYING, State.PLAYED]


def test_what_may_not_resume_is_interrupted_by_an_emergency_with_what_it_played(
    station: TestStation, start_node: StartNode, short: TestClip, long: TestClip
) -> None:
    for clip in (short, long):
        station.publish_clip(clip)
    start_node()
    routine = item(long, start_at=soon(1.5))
    emergency = item(short, start_at=soon(4), kind=BroadcastClass.EMERGENCY)
    station.publish_agenda(station.agenda(NODE, routine, emergency, clips=[short, long]))

    interrupted = station.receipt(routine.broadcast, State.INTERRUPTED)

    assert 1000 < interrupted.played_ms < 2600
    assert interrupted.reason == ReasonCode.EMERGENCY_FIRST
    begun = station.receipt(emergency.broadcast, State.PLAYING).at
    assert on_time(begun, emergency.start_at)


def test_what_says_its_last_word_when_an_emergency_comes_is_heard_out_and_not_played_twice(
    station: TestStation, start_node: StartNode, short: TestClip, long: TestClip
) -> None:
    for clip in (short, long):
        station.publish_clip(clip)
    start_node()
    routine = item(long, start_at=soon(1.5), resume=True)
    last_word_at = routine.start_at + timedelta(milliseconds=long.ref.duration_ms) - timedelta(seconds=0.15)
    emergency = item(short, start_at=last_word_at + PREEMPTION, kind=BroadcastClass.EMERGENCY)
    station.publish_agenda(station.agenda(NODE, routine, emergency, clips=[short, long]))

    begun = station.receipt(emergency.broadcast, State.PLAYING).at
    station.receipt(emergency.broadcast, State.PLAYED)

    assert station.states(routine.broadcast) == [State.STORED, State.PLAYING, State.PLAYED]
    assert on_time(begun, emergency.start_at)


def test_a_broadcast_that_leaves_the_agenda_is_silenced_and_confirmed(
    station: TestStation, start_node: StartNode, long: TestClip
) -> None:
    station.publish_clip(long)
    start_node()
    now, later = item(long, start_at=soon(1.5)), item(long, start_at=soon(3600))
    station.publish_agenda(station.agenda(NODE, now, later, clips=[long]))
    station.receipt(now.broadcast, State.PLAYING)

    station.publish_agenda(station.agenda(NODE))

    cancelled = station.receipt(now.broadcast, State.CANCELLED)
    assert cancelled.played_ms < 3000
    assert station.receipt(later.broadcast, State.CANCELLED).played_ms == 0


def test_stop_all_silences_even_an_emergency_until_it_is_lifted(
    station: TestStation, start_node: StartNode, short: TestClip, long: TestClip
) -> None:
    for clip in (short, long):
        station.publish_clip(clip)
    node = start_node()
    emergency = item(long, start_at=soon(1.5), kind=BroadcastClass.EMERGENCY)
    held_up = item(short, start_at=soon(3), within_seconds=60)
    station.publish_agenda(station.agenda(NODE, emergency, held_up, clips=[short, long]))
    station.receipt(emergency.broadcast, State.PLAYING)

    stop = StopOrder(order="dung-tat-ca", ordered_at=datetime.now(UTC))
    station.publish_agenda(station.agenda(NODE, emergency, held_up, clips=[short, long], stop=stop))

    assert station.receipt(emergency.broadcast, State.INTERRUPTED).played_ms < 3500
    assert station.wait(lambda: station.statuses[-1].stopped)
    assert not station.wait(lambda: State.PLAYING in station.states(held_up.broadcast), timeout_seconds=2.5)
    station.publish_agenda(station.agenda(NODE, emergency, held_up, clips=[short, long]))
    station.receipt(held_up.broadcast, State.PLAYED)
    assert len(node.played()) == 2


def test_quiet_hours_let_only_the_emergency_through(
    station: TestStation, start_node: StartNode, short: TestClip
) -> None:
    station.publish_clip(short)
    start_node()
    always = Policy(quiet_hours=(QuietHours(from_minute=0, to_minute=1440),))
    priority = item(short, start_at=soon(1.5), within_seconds=2, kind=BroadcastClass.PRIORITY)
    emergency = item(short, start_at=soon(1.5), kind=BroadcastClass.EMERGENCY)
    station.publish_agenda(station.agenda(NODE, priority, emergency, clips=[short], policy=always))

    station.receipt(emergency.broadcast, State.PLAYED)
    missed = station.receipt(priority.broadcast, State.MISSED)

    assert missed.reason == ReasonCode.QUIET_HOURS
    assert State.PLAYING not in station.states(priority.broadcast)


def test_the_commune_volume_is_the_highest_volume(station: TestStation, start_node: StartNode, short: TestClip) -> None:
    station.publish_clip(short)
    node = start_node()
    half = Policy(volume_percent=50)
    broadcast = item(short, start_at=soon(1.5))
    station.publish_agenda(station.agenda(NODE, broadcast, clips=[short], policy=half))
    station.receipt(broadcast.broadcast, State.PLAYED)

    samples, _ = soundfile.read(node.played()[0])
    ratio = numpy.sqrt(numpy.mean(samples**2) / numpy.mean(short.samples**2))
    assert 0.45 < ratio < 0.52


def test_what_a_node_hears_of_too_late_is_expired_and_what_it_could_not_fetch_is_missed(
    station: TestStation, start_node: StartNode, short: TestClip
) -> None:
    start_node()
    over = item(short, start_at=soon(-120), within_seconds=60)
    without_clip = item(short, start_at=soon(0.5), within_seconds=2)
    station.publish_agenda(station.agenda(NODE, over, without_clip, clips=[short]))

    station.receipt(over.broadcast, State.EXPIRED)
    assert station.receipt(without_clip.broadcast, State.MISSED).reason == ReasonCode.CLIP_MISSING


def test_a_staggered_node_begins_that_much_later(station: TestStation, start_node: StartNode, short: TestClip) -> None:
    station.publish_clip(short)
    start_node()
    broadcast = item(short, start_at=soon(1.5))
    station.publish_agenda(station.agenda(NODE, broadcast, clips=[short], policy=Policy(stagger_ms=290)))

    begun = station.receipt(broadcast.broadcast, State.PLAYING).at
    assert abs(begun - broadcast.start_at - timedelta(milliseconds=290)) < timedelta(milliseconds=50)


def test_a_status_tells_what_the_node_does(station: TestStation, start_node: StartNode, short: TestClip) -> None:
    station.publish_clip(short)
    node = start_node()
    broadcast = item(short, start_at=soon(2))
    station.publish_agenda(station.agenda(NODE, broadcast, clips=[short]))
    assert station.wait(lambda: any(s.playing == broadcast.broadcast for s in station.statuses))
    station.receipt(broadcast.broadcast, State.PLAYED)
    assert station.wait(lambda: station.statuses[-1].playing is None)
    last = station.statuses[-1]
    assert (last.online, last.agenda_number, last.clips_missing, last.sound) == (True, 1, 0, "file")

    node.stop()

    assert station.wait(lambda: not station.statuses[-1].online)
    assert station.statuses[-1].connection == last.connection
