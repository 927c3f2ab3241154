"""Who of several processes takes in what a node says, and how a dead one is told."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from broadcaster.delivery.intake.companions import ALONE_SECONDS, MISSED, TOGETHER_SECONDS, Companions, ProcessIdentity
from broadcaster.station.database.engine import Database
from broadcaster.station.rows import heartbeats, processes
from tests.rig.commune import NOW

NODES = [f"node-{number}" for number in range(60)]
ELSEWHERE = ProcessIdentity("may-khac", 1, "machine-2", "boot-2", "pid:[1]", "5")


@dataclass
class Clock:
    """Wall and running time, moved together."""

    seconds: float = 0.0

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.seconds)

    def running(self) -> float:
        return self.seconds


class Pair:
    """Two processes of one cell on a server's database: one here, one on another machine."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = Clock()
        self.changes = 0
        here = replace(ELSEWHERE, host="may-nay", machine="machine-1", boot="boot-1")
        self.first = Companions(database, self.clock.now, self.clock.running, here, on_change=self._note)
        self.second = Companions(database, self.clock.now, self.clock.running, ELSEWHERE)

    def _note(self) -> None:
        self.changes += 1

    def sign(self, *speaking: Companions, hears: bool = True) -> None:
        with self.database.session() as s:
            for each in speaking:
                each.sign(s, hears=hears)

    def look(self, *, after_seconds: float = 1.0) -> None:
        self.clock.seconds += after_seconds
        self.first.look()
        self.second.look()


@pytest.fixture
def pair(database: Database) -> Pair:
    made = Pair(database)
    made.sign(made.first, made.second)
    made.look()
    return made


def test_every_node_is_taken_by_exactly_one_of_them(pair: Pair) -> None:
    assert pair.first.together
    assert pair.second.together
    first = {node for node in NODES if pair.first.takes(node)}
    second = {node for node in NODES if pair.second.takes(node)}
    assert first | second == set(NODES)
    assert not first & second
    assert min(len(first), len(second)) >= 10


def test_one_alone_takes_all_and_speaks_seldom(database: Database) -> None:
    alone = Companions(database, lambda: NOW)
    alone.look()
    assert all(alone.takes(node) for node in NODES)
    assert alone.beat_seconds == ALONE_SECONDS


def test_the_share_of_one_that_falls_silent_is_taken_over_within_seconds(pair: Pair) -> None:
    pair.sign(pair.second)  # now it knows that it is not alone
    silent = 0.0
    while pair.first.together:
        pair.look()
        silent += 1.0
        assert silent <= MISSED * TOGETHER_SECONDS + 1.0
    assert all(pair.first.takes(node) for node in NODES)
    assert pair.changes == 2


def test_one_that_lives_but_hears_nothing_has_no_share(pair: Pair) -> None:
    pair.sign(pair.second, hears=False)
    pair.look()
    assert not pair.first.together
    pair.sign(pair.second)
    pair.look()
    assert pair.first.together


def test_one_that_ends_in_order_is_not_waited_for(pair: Pair) -> None:
    with pair.database.session() as s:
        pair.second.leave(s)
    pair.look()
    assert not pair.first.together


def test_of_this_machine_the_kernel_says_at_once_that_a_process_is_gone(database: Database) -> None:
    own = ProcessIdentity.own()
    clock = Clock()
    alive = Companions(database, clock.now, clock.running, own)
    dead = Companions(database, clock.now, clock.running, replace(own, pid=2**22 + 1))
    with database.session() as s:
        dead.sign(s, hears=True)
    alive.look()
    assert not alive.together
    with database.reading() as s:
        assert processes.read(s) == []


def test_signs_that_came_with_a_copied_file_are_nobodys(database: Database) -> None:
    clock = Clock()
    own = ProcessIdentity.own("folder-of-the-copy")
    copy = Companions(database, clock.now, clock.running, own)
    living = Companions(database, clock.now, clock.running, replace(own, folder="folder-of-the-first"))
    with database.session() as s:
        living.sign(s, hears=True)
    copy.look()
    assert not copy.together


def test_what_the_same_machine_said_before_it_was_started_anew_is_not_waited_for() -> None:
    before = replace(ELSEWHERE, boot="boot-1")
    assert before.has_ended(ELSEWHERE)
    assert not replace(before, machine="machine-3").has_ended(ELSEWHERE)


def test_signs_of_processes_are_no_parts_of_the_station(pair: Pair) -> None:
    with pair.database.session() as s:
        heartbeats.beat(s, "publisher", NOW)
        assert list(heartbeats.read(s)) == ["publisher"]
        assert len(processes.read(s)) == 2
