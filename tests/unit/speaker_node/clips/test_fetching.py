"""What is asked for, in which order, and when the node gives up."""

import random
from itertools import pairwise
from pathlib import Path

import pytest

from broadcaster.protocol.agenda import ClipRef
from broadcaster.protocol.mqtt import chunks
from broadcaster.protocol.values import BroadcastClass
from speaker_node.clips.clip_store import ClipStore
from speaker_node.clips.fetching import (
    MOST_ATTEMPTS,
    PATIENCE_SECONDS,
    REST_SECONDS,
    WINDOW,
    Asking,
    Fetcher,
    fitting,
    urgency,
)
from tests.unit.speaker_node.situations import agenda, at, item


def _clip(seed: int, size: int = 10_240) -> tuple[bytes, ClipRef]:
    data = random.Random(seed).randbytes(size)
    return data, chunks.describe(data, duration_ms=1000, chunk_bytes=1024)


A_DATA, A = _clip(1)
B_DATA, B = _clip(2)


@pytest.fixture
def library(tmp_path: Path) -> ClipStore:
    return ClipStore(tmp_path)


@pytest.fixture
def fetcher(library: ClipStore) -> Fetcher:
    fetcher = Fetcher(library)
    fetcher.want([A, B])
    return fetcher


def _next(fetcher: Fetcher, now: float) -> Asking:
    """On a line where the broker answers every probe at once."""
    asking = fetcher.next(now)
    if not asking.probe:
        return asking
    fetcher.probe.sent(1)
    fetcher.probe.hear(1)
    return fetcher.next(now)


def _deliver(fetcher: Fetcher, library: ClipStore, asked: tuple[tuple[str, int], ...], now: float) -> None:
    for sha256, index in asked:
        data, ref = (A_DATA, A) if sha256 == A.sha256 else (B_DATA, B)
        fetcher.arrived((sha256, index), 1024, now)
        library.add(ref, index, data[index * 1024 : (index + 1) * 1024])


def test_emergencies_and_live_orders_come_first_then_what_is_due_soonest_then_the_store() -> None:
    refs = {name: _clip(i)[1] for i, name in enumerate(("store", "late", "soon", "live", "alarm"))}
    items = [
        item("a", 500, parts=(refs["late"].sha256,)),
        item("b", 100, parts=(refs["soon"].sha256, refs["late"].sha256)),
        item("c", 50, parts=(refs["live"].sha256,), live=True),
        item("d", 900, parts=(refs["alarm"].sha256,), kind=BroadcastClass.EMERGENCY),
    ]
    order = urgency(agenda(*items, clips=tuple(refs.values())))
    assert order[:2] == (refs["live"], refs["alarm"])
    assert set(order[2:4]) == {refs["soon"], refs["late"]}
    assert order[4] == refs["store"]


def test_the_quota_keeps_what_is_due_soonest() -> None:
    small = _clip(3, size=2048)[1]
    assert fitting([A, B, small], 2 * 10_240 - 1) == (A, small)


def test_a_window_of_chunks_is_asked_for_and_moves_on_as_they_come(fetcher: Fetcher, library: ClipStore) -> None:
    first = fetcher.next(0).subscribe
    assert first == tuple((A.sha256, index) for index in range(WINDOW))
    assert fetcher.next(1).subscribe == ()
    _deliver(fetcher, library, first[:2], 2)
    asking = fetcher.next(2)
    assert set(asking.unsubscribe) == set(first[:2])
    assert asking.subscribe == ((A.sha256, WINDOW), (A.sha256, WINDOW + 1))


def test_every_chunk_is_asked_for_once_when_all_goes_well(fetcher: Fetcher, library: ClipStore) -> None:
    asked: list[tuple[str, int]] = []
    for step in range(30):
        fresh = fetcher.next(step).subscribe
        asked.extend(fresh)
        _deliver(fetcher, library, fresh, step)
    assert library.held == {A.sha256, B.sha256}
    assert len(asked) == len(set(asked)) == 20
    assert not fetcher.busy


def test_silence_of_the_broker_brings_a_wish_and_lets_the_next_clip_pass(fetcher: Fetcher) -> None:
    fetcher.next(0)
    assert _next(fetcher, PATIENCE_SECONDS - 0.1).wants == {}
    asking = _next(fetcher, PATIENCE_SECONDS)
    assert asking.wants == {A.sha256: tuple(range(10))}
    assert {sha256 for sha256, _ in asking.subscribe} == {B.sha256}
    assert _next(fetcher, PATIENCE_SECONDS + 1).wants == {}


def test_silence_of_the_line_brings_one_probe_and_no_wish(fetcher: Fetcher) -> None:
    fetcher.next(0)
    assert not fetcher.next(PATIENCE_SECONDS - 0.1).probe
    assert fetcher.next(PATIENCE_SECONDS).probe
    fetcher.probe.sent(7)
    for now in range(10, 100, 10):
        asking = fetcher.next(now)
        assert not asking.probe
        assert not asking.wants
        assert not asking.subscribe


def test_a_chunk_behind_which_the_answer_comes_needs_no_wish(fetcher: Fetcher, library: ClipStore) -> None:
    first = fetcher.next(0).subscribe
    assert fetcher.next(PATIENCE_SECONDS).probe
    fetcher.probe.sent(7)
    _deliver(fetcher, library, first[:1], 20)
    fetcher.probe.hear(7)
    assert fetcher.next(20 + PATIENCE_SECONDS).wants == {}


def test_the_answer_to_an_earlier_probe_proves_nothing(fetcher: Fetcher) -> None:
    fetcher.next(0)
    assert fetcher.next(PATIENCE_SECONDS).probe
    fetcher.probe.sent(7)
    fetcher.link_changed()
    fetcher.next(10)
    assert fetcher.next(10 + PATIENCE_SECONDS).probe
    fetcher.probe.sent(8)
    fetcher.probe.hear(7)
    assert fetcher.next(30).wants == {}
    fetcher.probe.hear(8)
    assert fetcher.next(30).wants


def test_nobody_reached_is_tried_again(fetcher: Fetcher) -> None:
    fetcher.next(0)
    assert fetcher.next(PATIENCE_SECONDS).probe
    fetcher.probe.sent(None)
    assert fetcher.next(PATIENCE_SECONDS + 1).probe


def test_a_chunk_that_comes_after_all_brings_its_clip_back(fetcher: Fetcher, library: ClipStore) -> None:
    first = fetcher.next(0).subscribe
    _next(fetcher, PATIENCE_SECONDS)
    _deliver(fetcher, library, first[:1], 8)
    fetcher.want([A])
    assert (A.sha256, WINDOW) in fetcher.next(8).subscribe


def test_wishes_become_rarer_and_end_in_a_long_rest(library: ClipStore) -> None:
    fetcher = Fetcher(library)
    fetcher.want([A])
    times = []
    for now in range(0, 3 * 3600, 5):
        if _next(fetcher, now).wants:
            times.append(now)
    pauses = [later - sooner for sooner, later in pairwise(times)]
    assert pauses == sorted(pauses)
    assert len(times) == MOST_ATTEMPTS


def test_a_clip_that_keeps_coming_damaged_is_left_alone_for_hours(library: ClipStore) -> None:
    fetcher = Fetcher(library)
    fetcher.want([A])
    received = 0
    for now in range(0, int(REST_SECONDS), 2):
        for chunk in fetcher.next(now).subscribe:
            received += 1024
            fetcher.arrived(chunk, 1024, now)
            fetcher.spoiled(A, now)
    assert received <= 5 * A.size_bytes
    assert fetcher.given_up(now) == (A.sha256,)
    assert fetcher.next(now + REST_SECONDS).subscribe


def test_a_new_connection_asks_again_for_what_is_still_missing(fetcher: Fetcher, library: ClipStore) -> None:
    first = fetcher.next(0).subscribe
    _deliver(fetcher, library, first[:2], 1)
    fetcher.link_changed()
    assert fetcher.next(2).subscribe == tuple((A.sha256, index) for index in range(2, 2 + WINDOW))


def test_what_the_agenda_no_longer_names_is_unsubscribed(fetcher: Fetcher) -> None:
    first = fetcher.next(0).subscribe
    fetcher.want([B])
    asking = fetcher.next(1)
    assert set(asking.unsubscribe) == set(first)
    assert {sha256 for sha256, _ in asking.subscribe} == {B.sha256}


def test_the_order_of_the_agenda_does_not_matter_to_urgency() -> None:
    one, two = item("a", 5, parts=(A.sha256,)), item("b", 4, parts=(B.sha256,))
    assert urgency(agenda(one, two, clips=(A, B))) == urgency(agenda(two, one, clips=(A, B))) == (B, A)
    assert at(4) < at(5)
