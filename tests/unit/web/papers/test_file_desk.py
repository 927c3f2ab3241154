"""Files are read outside the request, for the person who gave them, and not kept for ever."""

from threading import Event

import pytest

from broadcaster.errors import Invalid, NotFound, Unavailable
from broadcaster.paper_files import FileText
from web.papers.file_desk import KEPT_SECONDS, MOST, FileDesk

PAPER = FileText("Mai họp.", "text", "text")


def test_a_quick_file_is_there_at_once() -> None:
    desk = FileDesk(read=lambda _: PAPER)
    ticket = desk.give(b"x", person_id="a", draft="new-1")
    assert desk.take(ticket, person_id="a", wait_seconds=5) == (PAPER, "new-1")


def test_a_slow_file_is_waited_for_without_holding_the_request() -> None:
    done = Event()

    def read(_: bytes) -> FileText:
        assert done.wait(10)
        return PAPER

    desk = FileDesk(read=read)
    ticket = desk.give(b"x", person_id="a", draft="")
    assert desk.take(ticket, person_id="a") is None
    done.set()
    assert desk.take(ticket, person_id="a", wait_seconds=5) == (PAPER, "")


def test_nobody_else_sees_it() -> None:
    desk = FileDesk(read=lambda _: PAPER)
    ticket = desk.give(b"x", person_id="a", draft="")
    with pytest.raises(NotFound):
        desk.take(ticket, person_id="b")


def test_a_refusal_reaches_whoever_asks() -> None:
    def read(_: bytes) -> FileText:
        raise Invalid("paper.empty", field="paper")

    desk = FileDesk(read=read)
    with pytest.raises(Invalid):
        desk.take(desk.give(b"x", person_id="a", draft=""), person_id="a", wait_seconds=5)


def test_it_is_forgotten_after_a_while_and_there_is_an_end_to_waiting() -> None:
    now = [0.0]
    desk = FileDesk(read=lambda _: PAPER, clock=lambda: now[0])
    tickets = [desk.give(b"x", person_id="a", draft="") for _ in range(MOST)]
    with pytest.raises(Unavailable):
        desk.give(b"x", person_id="a", draft="")
    now[0] = KEPT_SECONDS + 1
    with pytest.raises(NotFound):
        desk.take(tickets[0], person_id="a")
    assert desk.give(b"x", person_id="a", draft="")
