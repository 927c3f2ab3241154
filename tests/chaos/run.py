"""One run: a village, people at work, a stream of faults, the calm afterwards, and the judgement."""

import heapq
import itertools
import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from broadcaster.errors import LoaError
from broadcaster.station.schema import Delivery
from tests.chaos.faults.faults import Menu
from tests.chaos.faults.replay import Eavesdropper
from tests.chaos.faults.station_faults import StationFaults, obeyed
from tests.chaos.judging import console
from tests.chaos.judging.duty import turned_back
from tests.chaos.judging.evidence import gather
from tests.chaos.judging.judge import FINAL, Case
from tests.chaos.judging.verdict import Verdict, judge
from tests.chaos.people.commune import Commune, NoAnswer
from tests.chaos.village.village import Breaks, Village, until, village
from tests.rig.running.busy import stretched

CALM_SECONDS = 150.0
"""How long the village may take to finish everything once nothing breaks any more."""
PHOTOGRAPH_SECONDS = 40.0
"""So often the station's database is copied, to be turned back to one day."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run.

    seconds: of faults.
    fault_seconds, life_seconds: mean pause between two faults, between two deeds of the commune.
    faults, plays: it goes on until so many faults struck and so many plays are due, at most ``longest_seconds``.
    own_machine: also faults of the station's clock, files and copies.
    speaks: people also speak live.
    """

    seed: int
    seconds: float = 60.0
    virtual_nodes: int = 4
    fault_seconds: float = 0.85
    life_seconds: float = 1.5
    faults: int = 0
    plays: int = 0
    longest_seconds: float = 0.0
    own_machine: bool = True
    speaks: bool = False
    breaks: Breaks = field(default_factory=Breaks)


@dataclass
class Agenda:
    """What the bench is going to do, by time."""

    entries: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def put(self, after_seconds: float, deed: Callable[[], None]) -> None:
        heapq.heappush(self.entries, (time.monotonic() + after_seconds, next(self._numbers), deed))

    def run(self, *, until_seconds: float) -> None:
        """Do what is due until then."""
        while (left := until_seconds - time.monotonic()) > 0:
            if self.entries and self.entries[0][0] <= time.monotonic():
                heapq.heappop(self.entries)[2]()
            else:
                time.sleep(min(0.02, left))

    def finish(self) -> None:
        """Do all the rest at once, in order."""
        while self.entries:
            heapq.heappop(self.entries)[2]()


def run(plan: Plan, folder: Path, *, say: Callable[[str], None] = print) -> Verdict:
    """The verdict."""
    with village(folder, seed=plan.seed, virtual_nodes=plan.virtual_nodes, breaks=plan.breaks) as here:
        commune = Commune(here, plan.seed)
        commune.stock_up()
        until(lambda: stocked(here), seconds=60, what="every node to hold its clips")
        say(f"seed {plan.seed}: the village stands; {plan.seconds:.0f} s of faults begin")
        with Eavesdropper(here) as spy:
            menu = Menu(here, spy, seed=plan.seed, forget=commune.forget)
            if not plan.own_machine:
                menu.spare_the_stations_machine()
            break_everything(here, commune, menu, plan)
        say(f"{here.struck} faults struck, {plays_due(here)} plays due; waiting for the calm")
        calm(here, commune, say)
        here.findings += menu.returning.end(patience_seconds=stretched(CALM_SECONDS))
        found = [*here.findings, *console.never_online_after_silence(here)]
        removed = frozenset(p.id for p in here.virtual_nodes.values() if p.removed)
        case = Case(gather(here), here.diary, removed, frozenset(here.unjudged))
    return judge(case, seed=plan.seed, more={"console never flatters": found})


def a_minute_with_sixty_faults(seed: int, folder: Path) -> None:
    """Fails with the whole verdict when a rule was broken, or when too little happened for it to mean anything."""
    verdict = run(Plan(seed=seed, own_machine=False), folder)
    assert verdict.good, verdict.text()
    assert verdict.case.diary.faults >= 60
    assert sum(heard.whole for heard in verdict.case.evidence.heard) >= 5, "there was life to be judged"


def the_stations_own_machine(folder: Path) -> Verdict:
    """One node, and each fault of the station's machine once, one after the other; the verdict."""
    with village(folder, seed=1, virtual_nodes=1, card=False) as here:
        commune = Commune(here, 1)
        commune.stock_up()
        until(lambda: stocked(here), seconds=60, what="the node to hold its clips")
        faults = StationFaults(here, random.Random(1), commune.forget)
        faults.photograph()
        commune.air("priority", None)
        for begin in (faults.clock_ahead, faults.node_damaged, faults.damaged, faults.turned_back):
            if undo := begin():
                here.struck += 1
                undo()
            until(here.station_ready, seconds=60, what="the station to be there again")
            until(here.web_answers, seconds=60, what="the console to be there again")
        until(lambda: obeyed(here), seconds=60, what="the node to obey it again")
        commune.air("priority", 2.0)
        calm(here, commune, print)
        case = Case(gather(here), here.diary)
    return judge(case, seed=1)


def break_everything(here: Village, commune: Commune, menu: Menu, plan: Plan) -> None:
    """Faults and life, each in its own rhythm."""
    agenda, ended = Agenda(), threading.Event()
    life = threading.Thread(target=live, args=(commune, plan, ended), name="life")
    life.start()

    def strike() -> None:
        fault, seconds = menu.draw()
        undo = fault.begin()
        if undo:
            here.struck += 1
            agenda.put(seconds, undo)
        agenda.put(menu.pause(plan.fault_seconds) if undo else 0.0, strike)

    def photograph() -> None:
        menu.station.photograph()
        agenda.put(PHOTOGRAPH_SECONDS, photograph)

    agenda.put(0.0, photograph)
    agenda.put(0.5, strike)
    least, patience = (
        plan.faults or round(plan.seconds),
        time.monotonic() + max(plan.longest_seconds, plan.seconds * 1.5),
    )
    try:
        agenda.run(until_seconds=time.monotonic() + plan.seconds)
        while (
            here.struck < least or plays_due(here) < plan.plays
        ) and time.monotonic() < patience:  # a slow machine breaks things more slowly
            agenda.run(until_seconds=time.monotonic() + 5)
    finally:
        ended.set()
        life.join(60)
        agenda.entries = [entry for entry in agenda.entries if entry[2] not in (strike, photograph)]
        agenda.finish()


def live(commune: Commune, plan: Plan, ended: threading.Event) -> None:
    """People go on working whatever breaks; what the console refuses or leaves unanswered they leave."""
    from tests.chaos.people.habits import Habits

    habits = Habits(commune, plan.seed, speaks=plan.speaks)
    while not ended.wait(habits.pause(plan.life_seconds)):
        with suppress(LoaError, NoAnswer), commune.village.still:
            habits.next()()
    with suppress(LoaError), commune.village.still:
        commune.lift()
    commune.fall_silent()


def plays_due(here: Village) -> int:
    """How often something was to sound on some node so far."""
    known: set[tuple[str, str]] = set()
    with suppress(LoaError), here.database.reading() as s:
        known = {
            (each.broadcast_id, each.node_id) for each in s.execute(select(Delivery.broadcast_id, Delivery.node_id))
        }
    before = {(each.id, node) for each in here.remembered.ordered.values() for node in each.nodes}
    return sum(node not in here.unjudged for _, node in known | before)


def stocked(here: Village) -> bool:
    """Every node says that it obeys an agenda and lacks no clip of it."""
    board = console.board(here)
    return all(view.state and view.state.agenda_number and not view.state.clips_missing for view in board)


def calm(here: Village, commune: Commune, say: Callable[[str], None], *, seconds: float = CALM_SECONDS) -> None:
    """Everything runs, every line is good; until every story has ended, or patience after so many ``seconds``."""
    commune.lift()
    here.broker.thaw()
    for daemon in (here.station, here.web, *(virtual_node.daemon for virtual_node in here.virtual_nodes.values())):
        daemon.thaw()
        if daemon.wanted:
            daemon.start()
    for virtual_node in here.virtual_nodes.values():
        if here.diary.happenings(
            (virtual_node.id,), ("card full",)
        ):  # it may live in memory since; now it lives on its card
            virtual_node.daemon.kill()
            virtual_node.daemon.start()
        virtual_node.line.clear()
        virtual_node.line.throw_out()
    patience = time.monotonic() + stretched(seconds)
    while (left := unsettled(here)) and time.monotonic() < patience:
        time.sleep(1.0)
    if left:
        say(f"patience ended with {len(left)} stories open: {'; '.join(left[:5])}")


def unsettled(here: Village) -> list[str]:
    """What still waits: stories open on a node in service, receipts in an outbox, orders a node has not heard of."""
    evidence = gather(here, sounds=False)
    mine = {virtual_node.id for virtual_node in here.standing}
    stories = [k for k in evidence.stored.values() if k.node in mine and k.state not in FINAL]
    spoken = {(stated.node, stated.broadcast) for stated in evidence.stated}
    unheard = [
        f"{node} has not heard of {each.id}"
        for each in evidence.ordered.values()
        if each.cancelled is None and each.expires > time.time() + 5 and not turned_back(here.diary, each)
        for node in each.nodes & mine
        if (node, each.id) not in evidence.stored and (node, each.id) not in spoken
    ]
    outboxes = [f"{evidence.waiting[node]} receipts wait on {node}" for node in mine if evidence.waiting[node]]
    on_air = [f"{each} is on air" for each in evidence.on_air]
    return [*on_air, *(f"{k.broadcast} is {k.state} on {k.node}" for k in stories), *unheard, *outboxes]
