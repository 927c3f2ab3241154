"""What the node says of itself: status at every change and as a heartbeat, and its receipts until they are stored."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from broadcaster.protocol.agenda import AuditHead
from broadcaster.protocol.live.source import LiveHearing
from broadcaster.protocol.receipts import Receipts
from broadcaster.protocol.release import ReleaseReport
from broadcaster.protocol.status import NodeHealth, NodeStatus, RefusedAgenda, Trouble
from speaker_node.clock.reading import TimeReading
from speaker_node.link.connection import BrokerConnection
from speaker_node.memory.outbox import Outbox

HEARTBEAT_SECONDS = 120.0
WHOLE_SECONDS = 1200.0
"""Heartbeats in between say only that nothing has changed: told in full they alone would cost 11 MB a month."""
SHORTEST_SECONDS = 0.25
"""Between two statuses; a change within it waits."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What a status tells besides time and body; a change of any of it is worth saying at once.

    agenda_number, agenda_term, agenda_issuer, agenda_audit, highest_number, refused, clips_missing, playing, live,
        stopped, muted, volume_percent, sound, screen, release, troubles: as in NodeStatus.
    heard: as in NodeHealth.
    """

    agenda_number: int = 0
    agenda_term: int = 0
    agenda_issuer: str = ""
    agenda_audit: AuditHead | None = None
    highest_number: int = 0
    refused: RefusedAgenda | None = None
    clips_missing: int = 0
    playing: str | None = None
    live: LiveHearing | None = None
    stopped: bool = False
    muted: bool = False
    volume_percent: int = 100
    sound: str = ""
    screen: bool = False
    release: ReleaseReport | None = None
    heard: bool | None = None
    troubles: tuple[Trouble, ...] = ()


@dataclass(frozen=True, slots=True)
class Identity:
    """What is the same in every status of one run: node, boot, station_key and pre_roll_ms as in NodeStatus."""

    node: str
    boot: str
    station_key: str = ""
    pre_roll_ms: int = 0


class Reporter:
    """Speaks over the link when there is one."""

    def __init__(
        self, identity: Identity, *, link: BrokerConnection, outbox: Outbox, health: Callable[[], NodeHealth]
    ) -> None:
        self._node = identity.node
        self._boot = identity.boot
        self._station_key = identity.station_key
        self._pre_roll_ms = identity.pre_roll_ms
        self._link = link
        self._outbox = outbox
        self._health = health
        self._connection = 0
        self._said: tuple[Condition, str] | None = None
        self._said_seconds = float("-inf")
        self._spoke_seconds = float("-inf")

    @property
    def connected(self) -> bool:
        """A connection stands, and how the node is was said on it."""
        return self._connection > 0 and self._said is not None

    def link_up(self, connection: int) -> None:
        """A connection stands: everything is to be said on it."""
        self._connection = connection
        self._said = None
        self._outbox.link_changed()

    def link_down(self) -> None:
        """Nobody listens."""
        self._connection = 0

    def step(self, condition: Condition, reading: TimeReading) -> bool:
        """Say what is due; True when a change still waits to be said."""
        if not self._connection:
            return False
        self._say_status(condition, reading)
        batch = self._outbox.due(reading.monotonic)
        if batch:
            self._link.publish(Receipts(node=self._node, receipts=batch))
        return self._said != (condition, reading.state.value)

    def goodbye(self, condition: Condition, reading: TimeReading) -> NodeStatus | None:
        """The status of a clean end; None when nobody listens."""
        return self._status(condition, reading, online=False) if self._connection else None

    def _say_status(self, condition: Condition, reading: TimeReading) -> None:
        news = (condition, reading.state.value)
        age = reading.monotonic - self._said_seconds
        changed = news != self._said and (self._said is None or age >= SHORTEST_SECONDS)
        if (changed or age >= WHOLE_SECONDS) and self._link.publish(self._status(condition, reading, online=True)):
            self._said, self._said_seconds = news, reading.monotonic
            self._spoke_seconds = reading.monotonic
        if reading.monotonic - self._spoke_seconds >= HEARTBEAT_SECONDS and self._link.publish(self._beat(reading)):
            self._spoke_seconds = reading.monotonic

    def _beat(self, reading: TimeReading) -> NodeStatus:
        return NodeStatus(
            node=self._node,
            connection=self._connection,
            online=True,
            at=reading.now_at.replace(microsecond=0),
            unchanged=True,
            boot=self._boot,
        )

    def _status(self, condition: Condition, reading: TimeReading, *, online: bool) -> NodeStatus:
        return NodeStatus(
            node=self._node,
            connection=self._connection,
            online=online,
            at=reading.now_at.replace(microsecond=0),
            agenda_number=condition.agenda_number,
            agenda_term=condition.agenda_term,
            agenda_issuer=condition.agenda_issuer,
            agenda_audit=condition.agenda_audit,
            station_key=self._station_key,
            highest_number=condition.highest_number,
            refused=condition.refused,
            clips_missing=condition.clips_missing,
            clock=reading.state,
            clock_error_ms=reading.error_ms,
            playing=condition.playing,
            live=condition.live,
            stopped=condition.stopped,
            muted=condition.muted,
            screen=condition.screen,
            pre_roll_ms=self._pre_roll_ms,
            volume_percent=condition.volume_percent,
            sound=condition.sound,
            software=software(),
            release=condition.release,
            boot=self._boot,
            health=self._health(),
            troubles=condition.troubles[:16],
        )


def software() -> str:
    """Version of the installed program; ``source`` when it runs from a work tree."""
    try:
        return version("loa-lang")[:40]
    except PackageNotFoundError:
        return "source"
