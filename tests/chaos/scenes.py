"""Short plays in which each of the deliberately broken builds must fail, and the build as it is must not."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.faults.faults import cut_power
from tests.chaos.judging.evidence import gather
from tests.chaos.judging.judge import Case
from tests.chaos.judging.verdict import Verdict, judge
from tests.chaos.people.commune import Commune
from tests.chaos.run import calm, stocked
from tests.chaos.village.line import Weather
from tests.chaos.village.village import Breaks, Village, VirtualNode, until, village
from tests.rig.running.busy import stretched

PATIENCE_SECONDS = 40.0
FROZEN_SECONDS = 2.0
"""The order is in the database and at the broker by then; the node behind its cut line has not heard it."""
SENT_SECONDS = 3.0
"""What a station connected again sends by itself it has sent by then."""
SECOND_PLAY_SECONDS = 12.0
"""A node started without a link would have begun a second play by then."""


@dataclass(frozen=True, slots=True)
class Scene:
    """act: what happens; card: the node needs a card of its own."""

    act: Callable[[Village, Commune], None]
    card: bool = False


def play(scene: Scene, folder: Path, *, breaks: Breaks) -> Verdict:
    """The verdict over one node."""
    with village(folder, seed=1, virtual_nodes=1, breaks=breaks, card=scene.card) as here:
        commune = Commune(here, 1)
        commune.stock_up()
        until(lambda: stocked(here), seconds=60, what="the node to hold its clips")
        scene.act(here, commune)
        calm(here, commune, print, seconds=PATIENCE_SECONDS)
        for virtual_node in here.virtual_nodes.values():
            virtual_node.daemon.retire(politely=False)
        case = Case(gather(here), here.diary)
    return judge(case, seed=1)


def broker_forgets(here: Village, commune: Commune) -> None:
    """While a node is away a broadcast is ordered and the broker loses everything it held."""
    (virtual_node,) = here.standing
    number = here.diary.begin("cut", virtual_node.id)
    virtual_node.line.set(Weather(cut=True))
    commune.air("priority", 8.0)
    time.sleep(FROZEN_SECONDS)
    here.broker.kill(wipe=True)
    until(here.station_ready, seconds=30, what="the station to be connected again")
    time.sleep(SENT_SECONDS)
    virtual_node.line.clear()
    here.diary.end(number)


def killed_after_a_play(here: Village, commune: Commune) -> None:
    """A node without link plays to the end, is killed, and finds the agenda that it has obeyed already."""
    _play_unlinked(here, commune).daemon.kill()
    _wake_unlinked(here)


def power_cut_after_a_play(here: Village, commune: Commune) -> None:
    """The same, but the card keeps only what had reached it."""
    cut_power(_play_unlinked(here, commune))
    _wake_unlinked(here)


def _play_unlinked(here: Village, commune: Commune) -> VirtualNode:
    (virtual_node,) = here.standing
    chosen = commune.air("priority", 4.0)
    until(
        lambda: (virtual_node.id, chosen) in gather(here, sounds=False).stored, seconds=20, what="the order on the card"
    )
    virtual_node.line.set(Weather(cut=True))
    until(
        lambda: gather(here, sounds=False).stored[virtual_node.id, chosen].state == "played",
        seconds=30,
        what="the play",
    )
    return virtual_node


def _wake_unlinked(here: Village) -> None:
    """It runs without a link for as long as a second play would take."""
    (virtual_node,) = here.standing
    virtual_node.daemon.start()
    time.sleep(stretched(SECOND_PLAY_SECONDS))
    virtual_node.line.clear()


SCENES = {
    "send-once": Scene(broker_forgets),
    "no-ledger": Scene(killed_after_a_play),
    "sync-off": Scene(power_cut_after_a_play, card=True),
}
