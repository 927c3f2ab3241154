"""The durable memory of what this node played. A broadcast is entered before its first sample sounds.

``playing`` is entered by :meth:`Ledger.begin`, before sound; the receipt that says so follows at the first sample.
Any other state and its receipt are written in one transaction.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from broadcaster.protocol.agenda import AgendaItem
from broadcaster.protocol.values import BroadcastClass, DeliveryState
from speaker_node.errors import AlreadyBegun
from speaker_node.memory.database import LedgerDatabase
from speaker_node.memory.outbox import Outbox, PlayFact

State = DeliveryState
OPEN = frozenset({State.PLANNED, State.STORED})
"""States from which a play may begin."""
_END = frozenset({State.MISSED, State.EXPIRED, State.CANCELLED, State.FAILED})
MOVES: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        State.PLANNED: frozenset({State.STORED, State.PLAYING, State.INTERRUPTED}) | _END,
        State.STORED: frozenset({State.PLAYING, State.INTERRUPTED}) | _END,
        State.PLAYING: frozenset({State.STORED, State.PLAYED, State.INTERRUPTED}) | _END,
    }
)
"""Where a broadcast may go from each state; what is not a key is the end of its story."""
KEEP = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """What the ledger knows about one broadcast.

    state: where it stands on this node.
    broadcast_class: of the agenda that brought it.
    expires_at: of the agenda that brought it.
    attempts: plays begun so far.
    sounding: its first sample has left the device in the latest play.
    ending: its last sample may have left the device.
    boot: the machine's boot in which the play under way was begun.
    sounds_seconds: monotonic clock of that boot before which no sample leaves.
    """

    state: State
    broadcast_class: BroadcastClass
    expires_at: datetime
    attempts: int = 0
    sounding: bool = False
    ending: bool = False
    boot: str = ""
    sounds_seconds: float = 0.0

    @property
    def settled(self) -> bool:
        """Nothing more can happen to it here."""
        return self.state not in MOVES


class Ledger:
    """All entries, mirrored in memory; writes go to the card first."""

    def __init__(self, database: LedgerDatabase, outbox: Outbox) -> None:
        self._database = database
        self._outbox = outbox
        rows = database.rows("SELECT * FROM play")
        self._entries = {row["broadcast"]: _entry(dict(row)) for row in rows}

    @property
    def entries(self) -> Mapping[str, LedgerEntry]:
        """Every known broadcast."""
        return MappingProxyType(self._entries)

    def enter(self, items: Iterable[AgendaItem], *, at: datetime) -> None:
        """Enter the broadcasts of an agenda that are new."""
        fresh = [item for item in items if item.broadcast not in self._entries]
        if not fresh:
            return
        self._database.write(
            lambda to: to.executemany(
                "INSERT INTO play (broadcast, state, broadcast_class, expires_at, changed_at) VALUES (?, ?, ?, ?, ?)",
                [
                    (i.broadcast, State.PLANNED, i.broadcast_class, i.expires_at.isoformat(), at.isoformat())
                    for i in fresh
                ],
            )
        )
        for item in fresh:
            self._entries[item.broadcast] = LedgerEntry(State.PLANNED, item.broadcast_class, item.expires_at)

    def begin(self, broadcast: str, *, at: datetime, boot: str, sounds_seconds: float) -> None:
        """Enter that it is about to sound. Raises AlreadyBegun when its story does not allow that."""
        entry = self._entries[broadcast]
        if entry.state not in OPEN:
            raise AlreadyBegun("ledger.already_begun", broadcast=broadcast, state=entry.state)
        begun = replace(
            entry,
            state=State.PLAYING,
            attempts=entry.attempts + 1,
            sounding=False,
            ending=False,
            boot=boot,
            sounds_seconds=sounds_seconds,
        )
        self._write(broadcast, begun, at)

    def started(self, broadcast: str, fact: PlayFact) -> None:
        """Its first sample has left the device."""
        self._write(broadcast, replace(self._entries[broadcast], sounding=True), fact.at, fact)

    def ending(self, broadcast: str, *, at: datetime) -> None:
        """Its last sample is about to leave: from here on it counts as having sounded whole."""
        self._write(broadcast, replace(self._entries[broadcast], ending=True), at)

    def reopen(self, broadcast: str, *, at: datetime) -> None:
        """A play that did not sound, or may sound again from the start, waits once more."""
        entry = self._entries[broadcast]
        self._write(broadcast, replace(entry, state=_moved(entry.state, State.STORED)), at)

    def settle(self, broadcast: str, fact: PlayFact) -> None:
        """Move to a state, with its receipt, in one transaction."""
        self.settle_all([(broadcast, fact)])

    def settle_all(self, facts: Iterable[tuple[str, PlayFact]]) -> None:
        """Move many at once: a long agenda must not cost one write to the card for each of its items."""
        changes = []
        for broadcast, fact in facts:
            entry = self._entries[broadcast]
            changes.append((broadcast, replace(entry, state=_moved(entry.state, fact.state)), fact))
        if not changes:
            return

        def work(to: sqlite3.Connection) -> None:
            for broadcast, entry, fact in changes:
                _update(to, broadcast, entry, fact.at)
                self._outbox.add(to, broadcast, fact)

        self._database.write(work)
        self._entries.update({broadcast: entry for broadcast, entry, _ in changes})

    def restate(self, broadcast: str, fact: PlayFact) -> None:
        """Say once more what was said, now that more is known about it."""
        if self._entries[broadcast].state is fact.state:
            self._database.write(lambda to: self._outbox.add(to, broadcast, fact))

    def prune(self, keep: Iterable[str], *, at: datetime) -> None:
        """Drop settled entries that expired long ago and that no agenda names."""
        named = set(keep)
        old = [
            key
            for key, entry in self._entries.items()
            if entry.settled and entry.expires_at + KEEP < at and key not in named
        ]
        if old:
            rows = [(key,) for key in old]
            self._database.write(lambda to: to.executemany("DELETE FROM play WHERE broadcast = ?", rows))
            for key in old:
                del self._entries[key]

    def _write(self, broadcast: str, entry: LedgerEntry, at: datetime, fact: PlayFact | None = None) -> None:
        def work(to: sqlite3.Connection) -> None:
            _update(to, broadcast, entry, at)
            if fact:
                self._outbox.add(to, broadcast, fact)

        self._database.write(work)
        self._entries[broadcast] = entry


def _update(to: sqlite3.Connection, broadcast: str, entry: LedgerEntry, at: datetime) -> None:
    to.execute(
        "UPDATE play SET state = ?, changed_at = ?, attempts = ?, sounding = ?, ending = ?, boot = ?,"
        " sounds_seconds = ? WHERE broadcast = ?",
        (
            entry.state,
            at.isoformat(),
            entry.attempts,
            entry.sounding,
            entry.ending,
            entry.boot,
            entry.sounds_seconds,
            broadcast,
        ),
    )


def _moved(old: State, new: State) -> State:
    if new not in MOVES.get(old, frozenset()):
        raise AlreadyBegun("ledger.no_such_move", old=old, new=new)
    return new


def _entry(row: dict[str, object]) -> LedgerEntry:
    return LedgerEntry(
        state=State(str(row["state"])),
        broadcast_class=BroadcastClass(str(row["broadcast_class"])),
        expires_at=datetime.fromisoformat(str(row["expires_at"])),
        attempts=int(str(row["attempts"])),
        sounding=bool(row["sounding"]),
        ending=bool(row["ending"]),
        boot=str(row["boot"]),
        sounds_seconds=float(str(row["sounds_seconds"])),
    )
