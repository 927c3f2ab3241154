"""Files are read outside the request, for the person who gave them, and not kept for ever."""

from threading import Event

import pytest

from broadcaster.errors import Invalid, NotFound, Unavailable
from broadcaster.paper_files import FileText
from web.papers.file_readings import LIFETIME_SECONDS, MOST, FileReadings

PAPER = FileText("Mai họp.", "text", "text")


def test_a_quick_file_is_there_at_once() -> None:
    readings = FileReadings(read=lambda _: PAPER)
    ticket = readings.give(b"x", person_id="a", draft="new-1")
    assert readings.take(ticket, person_id="a", wait_seconds=5) == (PAPER, "new-1")


def test_a_slow_file_is_waited_for_without_holding_the_request() -> None:
    done = Event()

    def read(_: bytes) -> FileText:
        assert done.wait(10)
        return PAPER

    readings = FileReadings(read=read)
    ticket = readings.give(b"x", person_id="a", draft="")
    assert readings.take(ticket, person_id="a") is None
    done.set()
    assert readings.take(ticket, person_id="a", wait_seconds=5) == (PAPER, "")


def test_nobody_else_sees_it() -> None:
    readings = FileReadings(read=lambda _: PAPER)
    ticket = readings.give(b"x", person_id="a", draft="")
    with pytest.raises(NotFound):
        readings.take(ticket, person_id="b")


def test_a_refusal_reaches_whoever_asks() -> None:
    def read(_: bytes) -> FileText:
        raise Invalid("paper.empty", field="paper")

    readings = FileReadings(read=read)
    with pytest.raises(Invalid):
        readings.take(readings.give(b"x", person_id="a", draft=""), person_id="a", wait_seconds=5)


def test_it_is_forgotten_after_a_while_and_there_is_an_end_to_waiting() -> None:
    now = [0.0]
    readings = FileReadings(read=lambda _: PAPER, clock=lambda: now[0])
    tickets = [readings.give(b"x", person_id="a", draft="") for _ in range(MOST)]
    with pytest.raises(Unavailable):
        readings.give(b"x", person_id="a", draft="")
    now[0] = LIFETIME_SECONDS + 1
    with pytest.raises(NotFound):
        readings.take(tickets[0], person_id="a")
    assert readings.give(b"x", person_id="a", draft="")
