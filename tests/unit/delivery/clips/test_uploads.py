"""Chunks on their way to the broker."""

from pathlib import Path

import pytest

from broadcaster.delivery.clips.uploads import NARROW, WIDE, Uploads
from broadcaster.protocol.agenda import ClipRef
from broadcaster.protocol.mqtt import chunks

STATION = "con-minh"


class Broker:
    """Takes what is published and acknowledges when told."""

    def __init__(self) -> None:
        self.topics: list[str] = []
        self.connected = True

    def publish(self, topic: str, payload: bytes) -> int | None:
        if not self.connected:
            return None
        assert payload
        self.topics.append(topic.rsplit("clips/", 1)[1])
        return len(self.topics)


class Time:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def uploads(tmp_path: Path, time: Time) -> Uploads:
    return Uploads(station=STATION, path_of=lambda sha256: tmp_path / sha256, monotonic=time)


def store(folder: Path, count: int, letter: str) -> ClipRef:
    data = letter.encode() * (1024 * count)
    ref = chunks.describe(data, duration_ms=1000, chunk_bytes=1024)
    (folder / ref.sha256).write_bytes(data)
    return ref


def test_the_most_urgent_clip_goes_first(uploads: Uploads, tmp_path: Path) -> None:
    broker, later, sooner = Broker(), store(tmp_path, 2, "a"), store(tmp_path, 2, "b")
    uploads.want(later, range(2), urgency=200)
    uploads.want(sooner, range(2), urgency=100)
    uploads.pump(broker.publish)
    assert broker.topics == [f"{sooner.sha256}/0", f"{sooner.sha256}/1", f"{later.sha256}/0", f"{later.sha256}/1"]


def test_what_is_wanted_twice_goes_once_at_its_greater_urgency(uploads: Uploads, tmp_path: Path) -> None:
    broker, one, two = Broker(), store(tmp_path, 1, "a"), store(tmp_path, 1, "b")
    uploads.want(one, [0], urgency=300)
    uploads.want(two, [0], urgency=200)
    uploads.want(one, [0], urgency=100)
    uploads.want(one, [0], urgency=400)
    uploads.pump(broker.publish)
    assert broker.topics == [f"{one.sha256}/0", f"{two.sha256}/0"]
    assert len(uploads) == 2


def test_only_so_many_travel_at_once(uploads: Uploads, tmp_path: Path) -> None:
    broker, ref = Broker(), store(tmp_path, 100, "a")
    uploads.want(ref, range(100), urgency=0)
    uploads.pump(broker.publish)
    uploads.pump(broker.publish)
    assert len(broker.topics) == WIDE
    assert uploads.acknowledge(1) == (ref.sha256, 0, 1024)
    uploads.pump(broker.publish)
    assert len(broker.topics) == WIDE + 1


def test_a_slow_line_gets_fewer_so_that_an_order_need_not_wait(uploads: Uploads, tmp_path: Path, time: Time) -> None:
    broker, ref = Broker(), store(tmp_path, 100, "a")
    uploads.want(ref, range(100), urgency=0)
    uploads.pump(broker.publish)
    time.seconds = 2
    for number in range(1, WIDE + 1):
        uploads.acknowledge(number)
    uploads.pump(broker.publish)
    assert len(broker.topics) == WIDE + NARROW


def test_a_chunk_flies_from_its_sending_to_its_acknowledgement(uploads: Uploads, tmp_path: Path) -> None:
    broker, ref = Broker(), store(tmp_path, 1, "a")
    uploads.want(ref, [0], urgency=0)
    assert not uploads.is_flying(ref, 0)
    uploads.pump(broker.publish)
    assert uploads.is_flying(ref, 0)
    uploads.acknowledge(1)
    assert not uploads.is_flying(ref, 0)


def test_an_acknowledgement_that_is_not_a_chunks_is_none(uploads: Uploads) -> None:
    assert uploads.acknowledge(77) is None


def test_a_clip_that_is_gone_from_disk_is_named_and_the_others_go_on(uploads: Uploads, tmp_path: Path) -> None:
    broker, gone, whole = Broker(), store(tmp_path, 1, "a"), store(tmp_path, 1, "b")
    (tmp_path / gone.sha256).unlink()
    uploads.want(gone, [0], urgency=1)
    uploads.want(whole, [0], urgency=2)
    assert uploads.pump(broker.publish) == [gone.sha256]
    assert broker.topics == [f"{whole.sha256}/0"]


def test_a_clip_cut_short_on_disk_is_not_sent(uploads: Uploads, tmp_path: Path) -> None:
    broker, ref = Broker(), store(tmp_path, 2, "a")
    (tmp_path / ref.sha256).write_bytes(b"a" * 1500)
    uploads.want(ref, [1], urgency=1)
    assert uploads.pump(broker.publish) == [ref.sha256]
    assert broker.topics == []


def test_after_a_lost_connection_nothing_is_thought_to_be_under_way(uploads: Uploads, tmp_path: Path) -> None:
    broker, ref = Broker(), store(tmp_path, 2, "a")
    broker.connected = False
    uploads.want(ref, range(2), urgency=0)
    uploads.pump(broker.publish)
    uploads.forget()
    assert len(uploads) == 0
