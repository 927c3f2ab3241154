"""Many whole nodes in one process: each with its own identity, ledger, clips and receipts, but without a board."""

import resource
import threading
from collections.abc import Callable
from pathlib import Path

from broadcaster.errors import Invalid
from broadcaster.protocol.enrolment import NodeBundle
from loa.simulation.memory import records
from loa.simulation.network import SharedConnection, SharedNetwork
from loa.simulation.parts import SilentPlayout, SystemClock
from loa.simulation.shared_loop import TICK_SECONDS, Inbox, SharedLoop
from speaker_node.agent import Agent
from speaker_node.assembly import Substitutes
from speaker_node.setup.settings import LocalSettings

FILES_TO_SPARE = 200
"""Besides a connection for each node."""
END_SECONDS = 10.0


class Simulation:
    """Two threads of its own, however many nodes there are."""

    def __init__(self, folder: Path) -> None:
        """``folder`` is for what the nodes keep while they run."""
        self._folder = folder
        self._network = SharedNetwork()
        self._loop = SharedLoop()
        self._agents: list[Agent] = []
        self._thread = threading.Thread(target=self._loop.run, name="simulated-nodes", daemon=True)

    @property
    def connected(self) -> int:
        """How many nodes the broker has let in."""
        return self._network.connected

    def start(self) -> None:
        self._network.start()
        self._thread.start()

    def add(self, bundle: NodeBundle) -> None:
        """One more, which begins to connect."""
        inbox = Inbox()
        agent = Agent(_settings(bundle, self._folder / bundle.node), substitutes=self._substitutes(bundle, inbox))
        inbox.wake = lambda: self._loop.wake(agent)
        self._agents.append(agent)
        self._loop.at(0.0, lambda: self._begin(agent))

    def stop(self) -> None:
        """Every node says goodbye."""
        self._loop.stop()
        self._thread.join(END_SECONDS)
        for agent in self._agents:
            agent.end()
        self._network.stop(END_SECONDS)

    def _begin(self, agent: Agent) -> None:
        agent.begin()
        self._loop.wake(agent)

    def _substitutes(self, bundle: NodeBundle, inbox: Inbox) -> Substitutes:
        audience = _settings(bundle, self._folder).audience
        return Substitutes(
            clock=SystemClock(),
            inbox=inbox,
            tick_seconds=TICK_SECONDS,
            records=lambda: records(audience),
            connection=lambda post, next_connection: SharedConnection(
                bundle, self._network, post=post, next_connection=next_connection
            ),
            playout=lambda post: SilentPlayout(post, self._loop.at),
        )


def allow_files(nodes: int, limits: Callable[[int], tuple[int, int]] = resource.getrlimit) -> None:
    """As many open files as so many nodes need. Raises Invalid, which says how many the system allows."""
    _, most = limits(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY and nodes + FILES_TO_SPARE > most:
        raise Invalid("simulation.too_few_files", field="nodes", most=most - FILES_TO_SPARE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (nodes + FILES_TO_SPARE if most < 0 else most, most))


def _settings(bundle: NodeBundle, folder: Path) -> LocalSettings:
    return LocalSettings(
        bundle=bundle, data=folder, memory=folder, sound="file", trust_clock=True, keep_files=0, quota_mb=50, usb="off"
    )
