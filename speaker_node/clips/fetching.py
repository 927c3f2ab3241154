"""Which chunks to ask for next: the most urgent clip first, a few at a time, and never without end."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from broadcaster.protocol.agenda import Agenda, ClipRef
from broadcaster.protocol.values import BroadcastClass
from speaker_node.clips.clip_store import ClipStore
from speaker_node.clips.line_probe import LineProbe

WINDOW = 4
"""Chunks asked for at once: enough to keep a slow, far link busy."""
PATIENCE_SECONDS = 5.0
"""Silence after which the broker may not hold what was asked for, if the line is free."""
LONGEST_PATIENCE_SECONDS = 300.0
MOST_BYTES_RATIO = 4
"""A clip may cost this many times its size before the node gives up on it for a while."""
MOST_ATTEMPTS = 12
REST_SECONDS = 6 * 3600.0
WANTS_AT_ONCE = 64
Chunk = tuple[str, int]


def urgency(agenda: Agenda) -> tuple[ClipRef, ...]:
    """The agenda's clips: emergencies, live orders and gauges first, then by when they are due, then the store."""
    due: dict[str, tuple[bool, datetime]] = {}
    first = urgent_clips(agenda)
    for item in agenda.items:
        for part in item.parts:
            mine = (part not in first, item.start_at)
            due[part] = min(mine, due.get(part, mine))
    for part in _spoken(agenda):
        due[part] = min((False, agenda.issued_at), due.get(part, (False, agenda.issued_at)))
    never = (True, datetime.max.replace(tzinfo=UTC))
    return tuple(sorted(agenda.clips, key=lambda clip: due.get(clip.sha256, never)))


def urgent_clips(agenda: Agenda) -> frozenset[str]:
    """Clips that are worth their bytes also when the month's budget is spent."""
    items = (item for item in agenda.items if item.live or item.broadcast_class is BroadcastClass.EMERGENCY)
    return frozenset(part for item in items for part in item.parts) | _spoken(agenda)


def _spoken(agenda: Agenda) -> frozenset[str]:
    """What the node may say by itself: it must be there before anybody can ask for it."""
    return frozenset(part for each in agenda.policy.spoken_rules for part in each.parts)


def fitting(clips: Iterable[ClipRef], quota_bytes: int) -> tuple[ClipRef, ...]:
    """As many of the clips, in this order, as fit together."""
    remaining: list[ClipRef] = []
    room = quota_bytes
    for clip in clips:
        if clip.size_bytes <= room:
            remaining.append(clip)
            room -= clip.size_bytes
    return tuple(remaining)


@dataclass(frozen=True, slots=True)
class Asking:
    """What to tell the broker.

    subscribe, unsubscribe: chunks.
    probe: ask for any answer at all, see ``line_probe``.
    wants: chunks per clip that the broker seems not to hold.
    """

    subscribe: tuple[Chunk, ...] = ()
    unsubscribe: tuple[Chunk, ...] = ()
    probe: bool = False
    wants: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class _Progress:
    """How one clip's transfer goes; seconds are monotonic.

    received_bytes, attempts: spent on it so far.
    rests_until: before this nothing is asked for.
    quiet_since: since when nothing has come.
    patience_seconds: how long the silence may last before the station is asked.
    parked: the broker seems not to hold it; it stays subscribed but takes no room in the window.
    """

    received_bytes: int = 0
    attempts: int = 0
    rests_until: float = 0.0
    quiet_since: float = 0.0
    patience_seconds: float = PATIENCE_SECONDS
    parked: bool = False


class Fetcher:
    """Follows one connection after the other; the clip store knows what arrived before.

    probe: hears of probes and their answers from whoever holds the connection.
    """

    def __init__(self, store: ClipStore) -> None:
        self.probe = LineProbe()
        self._store = store
        self._wanted: dict[str, ClipRef] = {}
        self._only: frozenset[str] | None = None
        self._asked: set[Chunk] = set()
        self._done: set[Chunk] = set()
        self._progress: dict[str, _Progress] = {}

    def want(self, wanted: Sequence[ClipRef]) -> None:
        """The clips to hold, most urgent first. What went quiet gets a new chance."""
        self._wanted = {clip.sha256: clip for clip in wanted}
        self._progress = {name: self._progress.get(name, _Progress()) for name in self._wanted}
        self._unpark()

    def link_changed(self) -> None:
        """A new connection knows none of our subscriptions."""
        self._asked.clear()
        self._done.clear()
        self.probe.forget()
        self._unpark()

    def reference(self, sha256: str) -> ClipRef | None:
        """The wanted clip of that name."""
        return self._wanted.get(sha256)

    def lacking(self) -> tuple[ClipRef, ...]:
        """Wanted clips that are not whole, most urgent first."""
        return tuple(clip for clip in self._wanted.values() if clip.sha256 not in self._store.held)

    def arrived(self, chunk: Chunk, size_bytes: int, monotonic: float) -> None:
        """A chunk came in, good or bad."""
        self.probe.forget()
        self._done.add(chunk)
        for progress in self._progress.values():
            progress.quiet_since = monotonic
        mine = self._progress.get(chunk[0])
        if mine:
            mine.received_bytes += size_bytes
            mine.parked = False
            mine.patience_seconds = PATIENCE_SECONDS

    def spoiled(self, clip: ClipRef, monotonic: float) -> None:
        """The whole was not what was promised: begin again, later each time."""
        progress = self._progress[clip.sha256]
        progress.attempts += 1
        progress.rests_until = monotonic + min(LONGEST_PATIENCE_SECONDS, PATIENCE_SECONDS * 2**progress.attempts)

    def given_up(self, monotonic: float) -> tuple[str, ...]:
        """Clips on which the node spends nothing for hours."""
        long = monotonic + LONGEST_PATIENCE_SECONDS
        return tuple(name for name, progress in self._progress.items() if progress.rests_until > long)

    def spare(self, only: frozenset[str] | None) -> None:
        """Spend bytes on these clips alone; None lifts it."""
        self._only = only

    @property
    def busy(self) -> bool:
        """A transfer is under way."""
        return any(not self._progress[name].parked for name, _ in self._asked if name in self._progress)

    def next(self, monotonic: float) -> Asking:
        """What to ask for now."""
        leave = {chunk for chunk in self._asked if chunk in self._done or chunk[0] not in self._wanted}
        self._asked -= leave
        self._done -= leave
        silent = self._silent(monotonic)
        wants = self._wants(silent, monotonic) if self.probe.answered else {}
        fresh = self._fresh(monotonic)
        self._asked.update(fresh)
        probe = bool(silent) and not wants and self.probe.due
        return Asking(subscribe=fresh, unsubscribe=tuple(leave), probe=probe, wants=wants)

    def _fresh(self, monotonic: float) -> tuple[Chunk, ...]:
        room = WINDOW - sum(not self._progress[name].parked for name, _ in self._asked)
        found: list[Chunk] = []
        for clip in self._wanted.values():
            if len(found) >= room:
                break
            if clip.sha256 not in self._store.held and self._may_ask(clip, monotonic):
                found.extend((clip.sha256, i) for i in self._store.missing(clip) if (clip.sha256, i) not in self._asked)
        return tuple(found[: max(0, room)])

    def _may_ask(self, clip: ClipRef, monotonic: float) -> bool:
        if self._only is not None and clip.sha256 not in self._only:
            return False
        progress = self._progress[clip.sha256]
        allowed = MOST_BYTES_RATIO * clip.size_bytes + clip.chunk_bytes
        if progress.attempts >= MOST_ATTEMPTS or progress.received_bytes > allowed:
            progress = self._progress[clip.sha256] = _Progress(rests_until=monotonic + REST_SECONDS)
        if progress.parked or monotonic < progress.rests_until:
            return False
        if not any(name == clip.sha256 for name, _ in self._asked):
            progress.quiet_since = monotonic
        return True

    def _silent(self, monotonic: float) -> list[str]:
        """Clips of which nothing has come for longer than it should take."""
        found = []
        for name in dict.fromkeys(name for name, _ in sorted(self._asked)):
            progress = self._progress[name]
            quiet_seconds = monotonic - progress.quiet_since
            if quiet_seconds >= progress.patience_seconds and monotonic >= progress.rests_until:
                found.append(name)
        return found

    def _wants(self, silent: Iterable[str], monotonic: float) -> dict[str, tuple[int, ...]]:
        self.probe.forget()
        wanted: dict[str, tuple[int, ...]] = {}
        for name in silent:
            progress = self._progress[name]
            progress.quiet_since = monotonic
            progress.patience_seconds = min(LONGEST_PATIENCE_SECONDS, progress.patience_seconds * 2)
            progress.parked = True
            progress.attempts += 1
            wanted[name] = self._store.missing(self._wanted[name])[:WANTS_AT_ONCE]
        return {name: indexes for name, indexes in wanted.items() if indexes}

    def _unpark(self) -> None:
        for progress in self._progress.values():
            progress.parked = False
            progress.patience_seconds = PATIENCE_SECONDS
