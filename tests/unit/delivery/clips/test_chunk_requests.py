"""Chunks that nodes ask for again."""

from broadcaster.delivery.clips.chunk_requests import NODE_CHUNKS, NODE_SECONDS, SAME_CHUNK_SECONDS, ChunkRequests

A, B = "a" * 64, "b" * 64


class Time:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_a_node_gets_what_it_asks_for() -> None:
    assert ChunkRequests().grant("na-ca", A, (0, 3)) == [0, 3]


def test_a_chunk_just_sent_serves_everybody_who_asks_for_it() -> None:
    time = Time()
    wishes = ChunkRequests(time)
    wishes.grant("na-ca", A, (0, 1))
    assert wishes.grant("ang-hin", A, (1, 2)) == [2]
    time.seconds = SAME_CHUNK_SECONDS
    assert wishes.grant("ang-hin", A, (1,)) == [1]


def test_a_node_that_never_stops_asking_is_kept_within_its_share() -> None:
    time = Time()
    wishes = ChunkRequests(time)
    assert len(wishes.grant("faulty", A, range(NODE_CHUNKS + 100))) == NODE_CHUNKS
    assert wishes.grant("faulty", B, (0,)) == []
    assert wishes.grant("na-ca", B, (0,)) == [0]
    time.seconds = NODE_SECONDS
    assert wishes.grant("faulty", B, (1,)) == [1]
