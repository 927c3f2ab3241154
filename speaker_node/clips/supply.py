"""Getting clips: from the agenda's wishes to whole files, through the link, within the quota."""

import logging
from collections.abc import Container

from broadcaster.protocol.agenda import Agenda, ClipRef
from broadcaster.protocol.errors import CorruptClip, ProtocolError
from broadcaster.protocol.reasons import TroubleCode
from broadcaster.protocol.status import Trouble
from broadcaster.protocol.wants import WantedChunks, Wants
from speaker_node.clips.clip_store import ClipStore
from speaker_node.clips.fetching import Fetcher, fitting, urgency, urgent_clips
from speaker_node.clock.reading import TimeReading
from speaker_node.errors import StorageFault
from speaker_node.events import ChunkArrived
from speaker_node.link.connection import BrokerConnection
from speaker_node.setup.settings import MEGABYTE

log = logging.getLogger(__name__)
STORAGE_PAUSE_SECONDS = 30.0


class ClipSupply:
    """Joins clip store, fetcher and link."""

    def __init__(self, *, node: str, store: ClipStore, connection: BrokerConnection, quota_bytes: int) -> None:
        self._node = node
        self._store = store
        self._connection = connection
        self._quota_bytes = quota_bytes
        self._fetcher = Fetcher(store)
        self._up = False
        self._paused_until = float("-inf")
        self._storage: StorageFault | None = None
        self._crowded = 0
        self._over_budget = False
        self._agenda: Agenda | None = None

    @property
    def busy(self) -> bool:
        """A download fills the link."""
        return self._up and self._fetcher.busy

    def troubles(self, monotonic: float) -> tuple[Trouble, ...]:
        """What a technician should know; empty when all is well."""
        found = [self._storage.trouble] if self._storage else []
        if self._crowded:
            found.append(Trouble(code=TroubleCode.CLIPS_CROWDED_OUT, facts={"count": self._crowded}))
        if self._over_budget:
            found.append(Trouble(code=TroubleCode.MONTH_SPENT))
        given_up = self._fetcher.given_up(monotonic)
        if given_up:
            found.append(Trouble(code=TroubleCode.DOWNLOADS_PAUSED, facts={"count": len(given_up)}))
        return tuple(found)

    @property
    def held(self) -> Container[str]:
        """Names of the whole clips."""
        return self._store.held

    def clips_missing(self) -> int:
        """Clips of the agenda not yet whole."""
        return sum(clip.sha256 not in self._store.held for clip in self._agenda.clips) if self._agenda else 0

    def missing_chunks(self) -> tuple[tuple[ClipRef, tuple[int, ...]], ...]:
        """Clips to be had, most urgent first, each with the chunks it lacks."""
        return tuple((clip, self._store.missing(clip)) for clip in self._fetcher.lacking())

    def want(self, agenda: Agenda, *, keep: Container[str] = ()) -> None:
        """Hold the clips of this agenda, and no others but those that sound right now."""
        self._agenda = agenda
        wanted = fitting((*urgency(agenda), *agenda.wheels), self._quota_bytes)
        names = {clip.sha256 for clip in wanted}
        self._crowded = sum(clip.sha256 not in names for clip in agenda.clips)
        self._store.keep_only(names | {name for name in self._store.held if name in keep})
        self._fetcher.want(wanted)

    def link_changed(self, *, up: bool) -> None:
        """A connection came or went."""
        self._up = up
        self._fetcher.link_changed()

    def arrived(self, event: ChunkArrived, reading: TimeReading) -> None:
        """Keep a chunk that was asked for; whatever else comes on a chunk topic is ignored."""
        clip = self._fetcher.reference(event.sha256)
        if clip is None:
            return
        self._fetcher.arrived((event.sha256, event.index), len(event.payload), reading.monotonic)
        try:
            self._store.add(clip, event.index, event.payload)
            self._storage = None
        except CorruptClip:
            log.warning("clip %s arrived damaged", clip.sha256)
            self._fetcher.spoiled(clip, reading.monotonic)
        except ProtocolError as error:
            log.warning("chunk %d of %s refused: %s", event.index, clip.sha256, error)
            self._fetcher.spoiled(clip, reading.monotonic)
        except StorageFault as fault:
            log.warning("%s", fault)
            self._storage = fault
            self._paused_until = reading.monotonic + STORAGE_PAUSE_SECONDS

    def probe_answered(self, number: int) -> None:
        """The broker has said everything it had to say before this probe."""
        self._fetcher.probe.hear(number)

    def step(self, reading: TimeReading, *, bytes_this_month: int, hold_wheels: bool = False) -> None:
        """Ask for what comes next, unless the month's bytes are spent; ``hold_wheels``: for clips alone."""
        budget = self._agenda.policy.monthly_megabytes * MEGABYTE if self._agenda else 0
        self._over_budget = 0 < budget <= bytes_this_month
        self._fetcher.spare(self._allowed(hold_wheels=hold_wheels))
        if not self._up or reading.monotonic < self._paused_until:
            return
        asking = self._fetcher.next(reading.monotonic)
        self._connection.unsubscribe_chunks(asking.unsubscribe)
        self._connection.subscribe_chunks(asking.subscribe)
        if asking.probe:
            self._fetcher.probe.sent(self._connection.probe())
        if asking.wants:
            chunks = tuple(WantedChunks(sha256=sha256, indexes=indexes) for sha256, indexes in asking.wants.items())
            self._connection.publish(Wants(node=self._node, chunks=chunks[:64]))

    def _allowed(self, *, hold_wheels: bool) -> frozenset[str] | None:
        if self._agenda and self._over_budget:
            return urgent_clips(self._agenda)
        if self._agenda and self._agenda.wheels and hold_wheels:
            return frozenset(clip.sha256 for clip in self._agenda.clips)
        return None

    def scrub(self) -> None:
        """Look at the bytes of one whole clip that nobody has looked at since the start."""
        sha256 = self._store.unverified()
        clip = self._fetcher.reference(sha256) if sha256 else None
        if clip and not self._store.verify(clip):
            log.warning("clip %s was damaged on the card; fetching it again", clip.sha256)
