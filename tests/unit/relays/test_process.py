"""The process that pulls: it decodes, says why it ends, holds no key, and is gone when nobody wants it."""

import os
import time
from collections.abc import Iterator

import pytest

from broadcaster.relays.events import Event, Heard, Nothing, Over, StreamFound
from broadcaster.relays.process import Order, _messages, pulled
from broadcaster.relays.relaying import BYTES_A_SECOND
from broadcaster.relays.settings import RelaySettings
from tests.doubles.radio import Radio, plays, radio, tune

HERE = RelaySettings(private_networks=("127.0.0.0/8",))


@pytest.fixture
def station() -> Iterator[Radio]:
    with radio() as made:
        yield made


def events_of(url: str, settings: RelaySettings = HERE) -> list[Event]:
    with pulled(Order(url, 60, 10_000_000), settings) as events:
        return [event for event in events if not isinstance(event, Nothing)]


@pytest.mark.long
def test_a_stream_is_decoded_and_its_end_is_said(station: Radio) -> None:
    station.answers["/live"] = plays(tune(3.0))
    found, *heard, over = events_of(station.url("/live"))
    assert found == StreamFound("mp3", "mp3float")
    assert sum(len(each.pcm) for each in heard if isinstance(each, Heard)) == pytest.approx(
        3.0 * BYTES_A_SECOND, rel=0.05
    )
    assert isinstance(over, Over)
    assert over.reason.code == "relay.ended"


@pytest.mark.long
def test_what_may_not_be_asked_is_refused_there_too(station: Radio) -> None:
    (over,) = events_of(station.url("/live"), RelaySettings())
    assert isinstance(over, Over)
    assert over.reason.code == "relay.private_address"
    assert station.asked == []


@pytest.mark.long
def test_a_stream_that_stalls_keeps_nobody_waiting_and_is_ended_when_it_is_left(station: Radio) -> None:
    station.answers["/live"] = station.stalls(tune(2.0))
    with pulled(Order(station.url("/live"), 60, 10_000_000), HERE) as events:
        began = time.monotonic()
        heard = any(isinstance(event, Heard) for event in events)
        quiet = isinstance(next(event for event in events if isinstance(event, Nothing)), Nothing)
        assert (heard, quiet) == (True, True)
        children = _children()
        assert len(children) == 1
    assert time.monotonic() - began < 60
    assert not any(os.path.exists(f"/proc/{pid}") for pid in children)  # noqa: PTH110


def test_messages_are_taken_whole_and_nonsense_is_the_end() -> None:
    whole = b"P" + (3).to_bytes(4, "big") + b"abc"
    assert _messages(whole + whole[:4]) == ([(b"P", b"abc")], whole[:4])
    assert _messages(b"P" + (2**31).to_bytes(4, "big")) == ([(b"?", b"")], b"")


def _children() -> list[str]:
    mine = f"/proc/{os.getpid()}/task"
    found: list[str] = []
    for task in os.listdir(mine):  # noqa: PTH208
        with open(f"{mine}/{task}/children") as file:  # noqa: PTH123
            for pid in file.read().split():
                with open(f"/proc/{pid}/cmdline", "rb") as command:  # noqa: PTH123
                    if b"relays/child.py" in command.read():
                        found.append(pid)
    return found
