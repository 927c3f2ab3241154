"""The fault menu: how each fault begins, how it ends, and how long it lasts."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.chaos.faults.hostile import HostileBrowser, HostileNode
from tests.chaos.faults.replay import Eavesdropper
from tests.chaos.faults.returning import ReturningNode
from tests.chaos.faults.station_faults import StationFaults
from tests.chaos.village.card import lose
from tests.chaos.village.daemons import BrokerDaemon, Daemon
from tests.chaos.village.hands import Hands, move
from tests.chaos.village.line import Weather
from tests.chaos.village.village import Village, VirtualNode

DAY_SECONDS = 86_400.0
STEPS = (30.0, -30.0, 600.0, -600.0, DAY_SECONDS, -DAY_SECONDS, None)
"""Clock steps, seconds; None is 1970."""
LONG_AGO = -1_790_000_000.0

OWN_MACHINE = frozenset(
    (
        "station clock",
        "station boots ahead",
        "station's file damaged",
        "node's file damaged",
        "station turned back",
        "second station",
        "node away for 30 days",
    )
)

Undo = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Fault:
    """One line of the menu.

    weight: how often it is drawn, beside the others.
    seconds: shortest and longest duration.
    begin: does it; what ends it, or None when there was nothing to do it to.
    """

    name: str
    weight: int
    seconds: tuple[float, float]
    begin: Callable[[], Undo | None]


def _hostile(village: Village) -> tuple[HostileNode, HostileBrowser]:
    config = village.config
    stolen = HostileNode(village.database, station=config.station.id, port=config.broker.port)
    token, context = village.tokens["canbo"], village.console_context()
    return stolen, HostileBrowser(config.web.port, token=token, context=context)


class Menu:
    """Faults for one village, drawn by a seeded generator."""

    def __init__(self, village: Village, spy: Eavesdropper, *, seed: int, forget: Undo = lambda: None) -> None:
        self._village = village
        self._spy = spy
        self._random = random.Random(seed)
        self._stolen, self._browser = _hostile(village)
        self._attacking: set[str] = set()
        self.returning = ReturningNode(village)
        self.station = station = StationFaults(village, self._random, forget)
        self.faults = [
            Fault("node killed", 10, (0.2, 3.0), lambda: self._kill(self._virtual_node().daemon)),
            Fault("node frozen", 6, (0.5, 5.0), lambda: self._freeze(self._virtual_node().daemon)),
            Fault("station killed", 2, (0.2, 2.0), lambda: self._kill(village.station)),
            Fault("station frozen", 2, (1.0, 5.0), lambda: self._freeze(village.station)),
            Fault("web killed", 1, (0.2, 2.0), lambda: self._kill(village.web)),
            Fault("web frozen", 2, (1.0, 4.0), lambda: self._freeze(village.web)),
            Fault("broker killed", 3, (0.1, 0.2), lambda: self._broker(wipe=False)),
            Fault("broker wiped", 3, (0.1, 0.2), lambda: self._broker(wipe=True)),
            Fault("broker frozen", 2, (0.5, 4.0), lambda: self._freeze(village.broker)),
            Fault("line cut", 6, (0.2, 6.0), lambda: self._line("cut", Weather(cut=True))),
            Fault("line reset", 4, (0.1, 0.2), self._reset),
            Fault("line delayed", 4, (1.0, 6.0), lambda: self._line("delay", self._delay())),
            Fault("line one-way up", 3, (1.0, 6.0), lambda: self._line("one-way", Weather(up_stalled=True))),
            Fault("line one-way down", 3, (1.0, 6.0), lambda: self._line("one-way", Weather(down_stalled=True))),
            Fault("line half-closed", 3, (0.1, 0.2), self._half_close),
            Fault("bits flipped", 4, (0.5, 4.0), lambda: self._line("flips", Weather(flips=3))),
            Fault("clock stepped", 5, (1.0, 6.0), self._step_clock),
            Fault("messages replayed", 5, (0.1, 0.2), self._replay),
            Fault("agenda forged", 2, (0.1, 0.2), self._forge),
            Fault("card full", 3, (1.0, 5.0), self._fill),
            Fault("power cut", 4, (0.3, 2.0), self._cut_power),
            Fault("hostile node", 3, (2.0, 6.0), lambda: self._hostile("hostile node", self._stolen)),
            Fault("hostile browser", 3, (2.0, 6.0), lambda: self._hostile("hostile browser", self._browser)),
            Fault("station clock", 2, (1.0, 16.0), station.clock_ahead),
            Fault("station boots ahead", 1, (4.0, 16.0), station.boots_ahead),
            Fault("station's file damaged", 1, (0.2, 1.0), station.damaged),
            Fault("node's file damaged", 3, (0.2, 2.0), station.node_damaged),
            Fault("station turned back", 1, (0.2, 2.0), station.turned_back),
            Fault("second station", 1, (20.0, 70.0), station.second_station),
            Fault("node away for 30 days", 1, (0.1, 0.2), self._return),
        ]

    def spare_the_stations_machine(self) -> None:
        """Leave out what befalls the station's clock, files and copies, and the node that returns."""
        self.faults = [fault for fault in self.faults if fault.name not in OWN_MACHINE]

    def draw(self) -> tuple[Fault, float]:
        """The next fault and how many seconds it lasts."""
        fault = self._random.choices(self.faults, [fault.weight for fault in self.faults])[0]
        return fault, self._random.uniform(*fault.seconds)

    def pause(self, mean_seconds: float) -> float:
        """Until the next one."""
        return self._random.uniform(0.3, 1.7) * mean_seconds

    def _virtual_node(self) -> VirtualNode:
        return self._random.choice(self._village.standing)

    def _kill(self, daemon: Daemon) -> Undo | None:
        if not daemon.alive:
            return None
        daemon.kill()
        return daemon.start

    def _freeze(self, daemon: Daemon | BrokerDaemon) -> Undo | None:
        if daemon.frozen:
            return None
        daemon.freeze()
        return daemon.thaw if daemon.frozen else None

    def _broker(self, *, wipe: bool) -> Undo | None:
        self._village.broker.kill(wipe=wipe)
        return _nothing

    def _line(self, what: str, weather: Weather) -> Undo | None:
        virtual_node = self._virtual_node()
        if virtual_node.line.weather != Weather():
            return None
        number = self._village.diary.begin(what, virtual_node.id)
        virtual_node.line.set(weather)

        def undo() -> None:
            virtual_node.line.clear()
            self._village.diary.end(number)

        return undo

    def _delay(self) -> Weather:
        return Weather(delay_seconds=self._random.uniform(0.1, 1.5))

    def _reset(self) -> Undo:
        virtual_node = self._virtual_node()
        virtual_node.line.throw_out()
        self._village.diary.moment("reset", virtual_node.id)
        return _nothing

    def _half_close(self) -> Undo:
        virtual_node = self._virtual_node()
        virtual_node.line.half_close()
        self._village.diary.moment("half-close", virtual_node.id)
        return _nothing

    def _step_clock(self) -> Undo:
        virtual_node, step = self._virtual_node(), self._random.choice(STEPS)
        number = self._village.diary.begin("clock", virtual_node.id, note=f"{step} s" if step else "1970")
        move(virtual_node.hands, Hands(off_seconds=LONG_AGO if step is None else step, synced=False))

        def undo() -> None:
            move(virtual_node.hands, Hands())
            self._village.diary.end(number)

        return undo

    def _replay(self) -> Undo | None:
        what = self._spy.replay(self._random)
        if what:
            self._village.diary.moment("replay", what)
        return _nothing if what else None

    def _forge(self) -> Undo | None:
        what = self._spy.forge(self._random)
        if what:
            self._village.diary.moment("forgery", what)
        return _nothing if what else None

    def _fill(self) -> Undo | None:
        virtual_node = self._with_card()
        if virtual_node is None or not virtual_node.daemon.alive:
            return None
        card = virtual_node.card
        assert card
        number = self._village.diary.begin("card full", virtual_node.id)
        card.fill()

        def undo() -> None:
            card.empty()
            self._village.diary.end(number)

        return undo

    def _cut_power(self) -> Undo | None:
        virtual_node = self._with_card()
        if virtual_node is None or not virtual_node.daemon.alive or virtual_node.daemon.frozen:
            return None
        cut_power(virtual_node)
        return virtual_node.daemon.start

    def _return(self) -> Undo | None:
        if not self.returning.come_back():
            return None
        self._village.diary.moment("500 receipts", self.returning.id)
        return _nothing

    def _hostile(self, what: str, who: HostileNode | HostileBrowser) -> Undo | None:
        if what in self._attacking:
            return None
        self._attacking.add(what)
        number, stop = self._village.diary.begin(what, "station"), who.attack()

        def undo() -> None:
            stop()
            self._attacking.discard(what)
            self._village.diary.end(number)

        return undo

    def _with_card(self) -> VirtualNode | None:
        return next((virtual_node for virtual_node in self._village.standing if virtual_node.card), None)


def cut_power(virtual_node: VirtualNode) -> None:
    """The node ends and its card holds only what the kernel had given to the device."""
    assert virtual_node.card
    virtual_node.daemon.freeze()
    photograph = virtual_node.card.photograph()
    virtual_node.daemon.kill(what="power cut")
    virtual_node.card.restore(photograph)
    lose(virtual_node.memory)


def _nothing() -> None:
    """It was over as soon as it began."""
