"""The thread that sends: quick, each target alone, and nothing lost however it is killed."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from broadcaster.notices.messages import OutsideMessage
from broadcaster.notices.service import AT_ONCE, NoticeService
from broadcaster.refusals.reasons import Reason
from broadcaster.station.database.engine import Database
from broadcaster.station.notices import channels, events
from broadcaster.station.notices.channels import NewChannel
from broadcaster.station.notices.sealing import Sealer
from broadcaster.station.notices.sendings import LEASE, SendingTrouble
from broadcaster.station.notices.targets import ChannelTarget
from broadcaster.station.schema import NoticeSending, Person
from broadcaster.station.vocabulary.notices import ChannelKind, SendingState
from tests.rig.commune import Commune
from tests.rig.running.busy import stretched

pytestmark = pytest.mark.integration
SEALER = Sealer(b"k" * 32)
START = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)


class Clock:
    """Moved by hand."""

    now_at = START

    def __call__(self) -> datetime:
        return self.now_at


class Recorder:
    """A working sender that remembers what it brought and when."""

    def __init__(self, act: Callable[[], SendingTrouble | None] = lambda: None) -> None:
        self.brought: list[tuple[str, float]] = []
        self._act = act

    def __call__(self, target: ChannelTarget, message: OutsideMessage) -> SendingTrouble | None:
        self.brought.append((message.title, time.monotonic()))
        return self._act()


def add_channel(database: Database, person: Person, kind: ChannelKind, typed: str) -> str:
    wanted = NewChannel(kind=kind, typed=typed, base_url="http://loa.test/", language="vi")
    with database.session() as s:
        made, _ = channels.add(s, wanted, by=s.get_one(Person, person.id), sealer=SEALER, now_at=START)
        made.paired_at = START
        s.flush()
        s.execute(update(NoticeSending).where(NoticeSending.channel_id == made.id).values(state=SendingState.SENT))
        return made.id


def happen(database: Database, node: str = "Bản Cuôn") -> None:
    """Something the officers of the commune should hear."""
    with database.session() as s:
        events.nodes_silent(s, names=[node], units={"con-minh"}, subject="matters:", now_at=START)


@contextmanager
def running(service: NoticeService) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=service.run, args=[stop])
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(30)
        assert not thread.is_alive()


def turn_until(service: NoticeService, done: Callable[[], bool]) -> None:
    """Turns of the service in this thread, so that it can be "killed" between any two."""
    with ThreadPoolExecutor(4) as threads:
        ends = time.monotonic() + 30
        while not done() and time.monotonic() < ends:
            service.turn(threads)
            time.sleep(0.01)
        assert done()


def states(database: Database) -> list[str]:
    with database.reading() as s:
        rows = s.scalars(select(NoticeSending).where(NoticeSending.made_at >= START)).unique()
        return sorted(each.state.value for each in rows if each.notice.kind.value == "nodes_silent")


def service_of(database: Database, sender: Recorder, clock: Clock, **others: Recorder) -> NoticeService:
    senders = {ChannelKind.EMAIL: sender} | {ChannelKind(kind): each for kind, each in others.items()}
    return NoticeService(database, senders, sealer=SEALER, clock=clock)


def test_a_service_that_hangs_keeps_no_other_waiting(database: Database, commune: Commune) -> None:
    """Order to notice within 3 s, while more telephones than there are places hang."""
    held = threading.Event()
    hanging = Recorder(lambda: SendingTrouble(Reason("notice.no_answer")) if not held.wait(60) else None)
    well = Recorder()
    with database.session() as s:
        officer = s.get_one(Person, commune.officer.id)
    for number in range(AT_ONCE + 2):
        add_channel(database, officer, ChannelKind.TELEGRAM, str(1000 + number))
    add_channel(database, officer, ChannelKind.EMAIL, "hoa@xa.test")
    took: list[float] = []
    try:
        with running(service_of(database, well, Clock(), telegram=hanging)):
            for number in range(20):
                began = time.monotonic()
                happen(database, f"Cụm {number}")
                while len(well.brought) <= number and time.monotonic() - began < 30:
                    time.sleep(0.01)
                took.append(well.brought[number][1] - began)
            held.set()
    finally:
        held.set()
    assert len(hanging.brought) >= AT_ONCE
    assert sorted(took)[-2] <= stretched(3), "the slowest of twenty but one"


def test_killed_between_sending_and_marking_none_is_lost_and_one_comes_twice(
    database: Database, commune: Commune
) -> None:
    clock, sender = Clock(), Recorder()
    add_channel(database, commune.officer, ChannelKind.EMAIL, "hoa@xa.test")
    for node in ("Một", "Hai", "Ba"):
        happen(database, node)
    killed = service_of(database, sender, clock)
    turn_until(killed, lambda: len(sender.brought) == 1)  # it was sent; nothing of it was ever marked
    assert states(database) == ["sending", "waiting", "waiting"]
    clock.now_at = START + LEASE
    turn_until(service_of(database, sender, clock), lambda: states(database) == ["sent"] * 3)
    titles = [title for title, _at in sender.brought]
    assert len(titles) == 4
    assert len(set(titles)) == 3


def test_killed_before_anything_was_made_of_it_it_is_sent_all_the_same(database: Database, commune: Commune) -> None:
    sender = Recorder()
    add_channel(database, commune.officer, ChannelKind.EMAIL, "hoa@xa.test")
    happen(database)
    turn_until(service_of(database, sender, Clock()), lambda: states(database) == ["sent"])
    assert len(sender.brought) == 1


def test_two_stations_send_each_message_once(database: Database, commune: Commune) -> None:
    one, other = Recorder(), Recorder()
    for number in range(5):
        add_channel(database, commune.officer, ChannelKind.EMAIL, f"hoa{number}@xa.test")
    clock = Clock()
    with running(service_of(database, one, clock)), running(service_of(database, other, clock)):
        happen(database)
        ends = time.monotonic() + 30
        while states(database) != ["sent"] * 5 and time.monotonic() < ends:
            time.sleep(0.02)
    assert states(database) == ["sent"] * 5
    assert len(one.brought) + len(other.brought) == 5


def test_what_cannot_be_brought_now_is_tried_again(database: Database, commune: Commune) -> None:
    clock, sender = Clock(), Recorder(lambda: SendingTrouble(Reason("notice.no_answer")))
    add_channel(database, commune.officer, ChannelKind.EMAIL, "hoa@xa.test")
    happen(database)
    service = service_of(database, sender, clock)
    turn_until(service, lambda: len(sender.brought) == 1 and states(database) == ["waiting"])
    clock.now_at = START + timedelta(seconds=10)
    turn_until(service, lambda: len(sender.brought) == 2)
