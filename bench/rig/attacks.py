"""How long an order and stop-all take while somebody attacks, beside the same without an attack.

Measured from the request to the console until the answer, and for orders until the first sample on the last node. The
goal is at most twice as long.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass

from broadcaster.config import Config
from broadcaster.station.database.engine import Database
from tests.attacks.station.locking import locked
from tests.attacks.strangers.connections import many_connections
from tests.chaos.faults.hostile import HostileBrowser, HostileNode
from tests.integration.whole.running_station import RunningStation


@dataclass(frozen=True, slots=True)
class Attack:
    """name; during: the attack for the length of a block; sounds: whether the log can say when nodes began."""

    name: str
    during: Callable[[RunningStation], AbstractContextManager[object]]
    sounds: bool = True


def table(station: RunningStation, ordered: Callable[[], float], orders: int) -> None:
    """A row for each attack. ``ordered`` gives one order and says after how many seconds the last node began."""
    print(f"{'while':<56} {'answer p95 s':>13} {'sample p95 s':>13} {'and lifted s':>15} {'× without':>10}")
    without: float | None = None
    for attack in ATTACKS:
        with attack.during(station):
            sampled = [ordered() for _ in range(orders)] if attack.sounds else []
            stops = [_stopped(station) for _ in range(orders)]
        answered = _p95([each for each, _ in stops])
        without = without or answered
        lifted = _p95([each for _, each in stops])
        print(
            f"{attack.name:<56} {answered:>13.3f} {_p95(sampled):>13.2f} {lifted:>15.2f} {answered / without:>10.1f}",
            flush=True,
        )


def _stopped(station: RunningStation) -> tuple[float, float]:
    """Seconds until stop-all was answered, and until two people had lifted it again."""
    begun = time.monotonic()
    stop = station.ask("POST", "/stop-orders", {"reason": "đo"}, by="canbo").body
    answered = time.monotonic() - begun
    one = f"/stop-orders/{stop['id']}"
    station.ask("POST", f"{one}/ask-lift", by="canbo")
    station.ask("POST", f"{one}/lift", by="chutich")
    return answered, time.monotonic() - begun


def _p95(seconds: list[float]) -> float:
    return sorted(seconds)[min(len(seconds) - 1, int(0.95 * len(seconds)))] if seconds else float("nan")


def _connected(port: Callable[[RunningStation], int]) -> Callable[[RunningStation], AbstractContextManager[object]]:
    return lambda station: many_connections(port(station))


@contextmanager
def _stolen_card(station: RunningStation) -> Iterator[None]:
    database = Database(f"sqlite:///{station.data_dir}/loa.db")
    try:
        thief = HostileNode(database, station=Config().station.id, port=int(station.environ["LOA_BROKER__PORT"]))
        undo = thief.attack()
        yield
        undo()
    finally:
        database.dispose()


@contextmanager
def _login(station: RunningStation) -> Iterator[None]:
    undo = HostileBrowser(station.port, token=station.token("canbo")).attack()
    yield
    undo()


def _enrolment(station: RunningStation) -> AbstractContextManager[object]:
    return many_connections(int(station.environ["LOA_ENROLMENT__PORT"]), tls=True)


def _locked(station: RunningStation) -> AbstractContextManager[object]:
    return locked(str(station.data_dir / "loa.db"))


ATTACKS = (
    Attack("nobody attacks (baseline)", lambda _station: nullcontext()),
    Attack("1,000 idle and 500 slow at the console", _connected(lambda station: station.port)),
    Attack("the same at the broker", _connected(lambda station: int(station.environ["LOA_BROKER__PORT"]))),
    Attack("the same at the port where nodes get their bundle", _enrolment),
    Attack("a stolen card states 4,000 plays a second", _stolen_card),
    Attack("a login holds 260 connections and asks what it may not", _login),
    Attack("the database is locked by somebody else", _locked, sounds=False),
)
