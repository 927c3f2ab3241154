"""What the broker is known to hold."""

from broadcaster.delivery.holdings import DOUBT_SECONDS, QUIET_SECONDS, AgendasHeld, ChunksHeld, fingerprint
from broadcaster.protocol.agenda import ClipRef

CLIP = ClipRef(sha256="a" * 64, size_bytes=2500, chunk_bytes=1024, duration_ms=1000)


class Time:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_the_broker_has_finished_telling_when_it_falls_silent_after_it_accepted_the_question() -> None:
    time = Time()
    held = ChunksHeld(time)
    time.seconds += QUIET_SECONDS * 9
    assert not held.settled
    held.answered()
    time.seconds += QUIET_SECONDS / 2
    held.saw("a" * 64, 0, 1024)
    time.seconds += QUIET_SECONDS * 0.9
    assert not held.settled
    time.seconds += QUIET_SECONDS
    assert held.settled


def test_what_it_says_later_does_not_put_that_in_doubt() -> None:
    time = Time()
    held = AgendasHeld(time)
    held.answered()
    time.seconds += QUIET_SECONDS
    assert held.settled
    held.saw("na-ca", b"token")
    assert held.settled
    held.forget()
    assert not held.settled


def test_only_chunks_of_the_right_length_count() -> None:
    held = ChunksHeld()
    held.saw(CLIP.sha256, 0, 1024)
    held.saw(CLIP.sha256, 1, 1000)
    held.saw(CLIP.sha256, 2, 452)
    held.saw(CLIP.sha256, 9, 1024)
    assert held.missing(CLIP) == (1,)


def test_a_cleared_chunk_is_missing_again() -> None:
    held = ChunksHeld()
    for index, length in enumerate((1024, 1024, 452)):
        held.saw(CLIP.sha256, index, length)
    held.saw(CLIP.sha256, 1, 0)
    held.saw("b" * 64, 0, 0)
    assert held.missing(CLIP) == (1,)
    assert held.surplus(in_use=[]) == [(CLIP.sha256, 0), (CLIP.sha256, 2)]


def test_chunks_of_clips_in_use_are_no_surplus() -> None:
    held = ChunksHeld()
    held.saw(CLIP.sha256, 0, 1024)
    held.saw("b" * 64, 0, 1024)
    assert held.surplus(in_use=[CLIP.sha256]) == [("b" * 64, 0)]


def test_an_agenda_is_known_by_its_whole_token() -> None:
    held = AgendasHeld()
    held.saw("na-ca", b"token")
    assert held.fingerprints() == {"na-ca": fingerprint(b"token")} != {"na-ca": fingerprint(b"token2")}
    held.saw("na-ca", b"")
    assert held.nodes() == set()


def test_news_are_told_once() -> None:
    held = AgendasHeld()
    held.saw("na-ca", b"token")
    held.saw("ang-hin", b"token")
    held.saw("ang-hin", b"")
    assert held.news() == {"na-ca": fingerprint(b"token")}
    assert held.news() == {}


def test_asked_again_the_broker_must_say_it_again() -> None:
    time = Time()
    held = AgendasHeld(time)
    held.saw("na-ca", b"token")
    held.saw("ang-hin", b"token")
    held.doubt()
    time.seconds += DOUBT_SECONDS * 2
    assert not held.drop_doubted()
    held.answered()
    held.saw("na-ca", b"token")
    assert not held.drop_doubted()
    time.seconds += DOUBT_SECONDS
    assert held.drop_doubted()
    assert held.nodes() == {"na-ca"}
    assert not held.drop_doubted()
