"""Receipts the station has not acknowledged; they outlive link, process and power."""

import logging
import secrets
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import msgspec

from broadcaster.protocol.receipts import Receipt
from broadcaster.protocol.values import ClockState, DeliveryState
from speaker_node.errors import NO_REASON, NodeReason
from speaker_node.memory.database import LedgerDatabase

log = logging.getLogger(__name__)
BATCH = 40
"""Receipts in one message: about 8 kB, which a weak link still carries between two cuts."""
RESEND_SECONDS = 5.0
"""The first wait for an acknowledgement; each further one is twice as long."""
LONGEST_RESEND_SECONDS = 900.0
MOST_BY_HAND = 5_000
LEAP = 100_000
"""More facts than a run in memory states."""


@dataclass(frozen=True, slots=True)
class _Sent:
    """again_seconds: monotonic second at which it is due again; pause_seconds: the wait that ends then."""

    again_seconds: float
    pause_seconds: float


@dataclass(frozen=True, slots=True)
class PlayFact:
    """What a receipt states besides the broadcast.

    state: what happened.
    at: when.
    clock: how far ``at`` may be trusted.
    played_ms: sound that left the device.
    reason: why not whole.
    heard: by the microphone; None when that is not known.
    lost_ms: of live sound, what did not come in time.
    """

    state: DeliveryState
    at: datetime
    clock: ClockState
    played_ms: int = 0
    reason: NodeReason = NO_REASON
    heard: bool | None = None
    lost_ms: int = 0


NOT_SENT = _Sent(again_seconds=float("-inf"), pause_seconds=RESEND_SECONDS / 2)


class Outbox:
    """The table of receipts, and when each of them is due on the link."""

    def __init__(self, database: LedgerDatabase) -> None:
        self._database = database
        self.was_shown: Callable[[str], bool] = lambda _broadcast: False
        """Whether a screen showed a broadcast; set by whoever has one."""
        if database.lost_memory:
            # Facts stated by the run that was lost had numbers this file does not know; of two the station believes
            # the higher.
            database.raise_number("sequence", max(_fresh_sequence(), database.number("sequence") + LEAP))
        self._set_unreadable_aside()
        waiting = database.rows("SELECT id FROM receipt ORDER BY sequence")
        self._sent: dict[str, _Sent] = {row["id"]: NOT_SENT for row in waiting}

    def _set_unreadable_aside(self) -> None:
        """A receipt of a newer program, or a damaged one, must not keep the others from the station for ever."""
        rows = self._database.rows("SELECT sequence, id, body FROM receipt")
        bad = [(f"receipt {row['id']}", row["body"], row["sequence"]) for row in rows if not _is_readable(row["body"])]
        if not bad:
            return
        log.warning("%d receipts cannot be read; they are set aside", len(bad))

        def work(to: sqlite3.Connection) -> None:
            to.executemany("INSERT OR REPLACE INTO aside VALUES (?, ?)", [each[:2] for each in bad])
            to.executemany("DELETE FROM receipt WHERE sequence = ?", [each[2:] for each in bad])

        self._database.write(work)

    def add(self, to: sqlite3.Connection, broadcast: str, fact: PlayFact) -> None:
        """State a fact inside the transaction that makes it true."""
        newest = to.execute("SELECT value FROM number WHERE name = 'sequence'").fetchone()
        sequence = newest["value"] + 1 if newest else _fresh_sequence()
        receipt = Receipt(
            receipt=secrets.token_hex(12),
            broadcast=broadcast,
            state=fact.state,
            at=fact.at,
            sequence=sequence,
            played_ms=fact.played_ms,
            lost_ms=fact.lost_ms,
            clock=fact.clock,
            reason=fact.reason.code,
            facts=dict(fact.reason.facts),
            heard=fact.heard,
            shown=self.was_shown(broadcast),
        )
        to.execute("INSERT OR REPLACE INTO number VALUES ('sequence', ?)", (sequence,))
        to.execute("INSERT INTO receipt VALUES (?, ?, ?)", (sequence, receipt.receipt, msgspec.json.encode(receipt)))
        self._sent[receipt.receipt] = NOT_SENT

    def due(self, monotonic: float) -> tuple[Receipt, ...]:
        """The oldest receipts that were not sent lately, at most one batch; they count as sent now."""
        batch = [name for name, sent in self._sent.items() if monotonic >= sent.again_seconds][:BATCH]
        if not batch:
            return ()
        for name in batch:
            pause = min(LONGEST_RESEND_SECONDS, self._sent[name].pause_seconds * 2)
            self._sent[name] = _Sent(monotonic + pause, pause)
        marks = ",".join("?" * len(batch))
        rows = self._database.rows(f"SELECT body FROM receipt WHERE id IN ({marks}) ORDER BY sequence", *batch)  # noqa: S608
        if len(rows) < len(batch):
            self._forget_unwritten()
        return tuple(msgspec.json.decode(row["body"], type=Receipt) for row in rows)

    def everything(self) -> tuple[Receipt, ...]:
        """What is not acknowledged, oldest first, at most what fits beside a clip in memory; nothing counts as sent."""
        rows = self._database.rows("SELECT body FROM receipt ORDER BY sequence LIMIT ?", MOST_BY_HAND)
        return tuple(msgspec.json.decode(row["body"], type=Receipt) for row in rows)

    def _forget_unwritten(self) -> None:
        """Drop names whose transaction was refused by the card after they were noted."""
        written = {row["id"] for row in self._database.rows("SELECT id FROM receipt")}
        self._sent = {name: sent for name, sent in self._sent.items() if name in written}

    def acknowledged(self, receipts: tuple[str, ...]) -> None:
        """Forget what the station has stored."""
        rows = [(receipt,) for receipt in receipts]
        self._database.write(lambda to: to.executemany("DELETE FROM receipt WHERE id = ?", rows))
        for receipt in receipts:
            self._sent.pop(receipt, None)

    def link_changed(self) -> None:
        """What travelled on the old connection may be lost: everything is due again."""
        self._sent = dict.fromkeys(self._sent, NOT_SENT)

    def __len__(self) -> int:
        return len(self._sent)


def _is_readable(body: object) -> bool:
    try:
        msgspec.json.decode(body, type=Receipt)  # type: ignore[call-overload]  # what a damaged file holds may be of any kind
    except (msgspec.MsgspecError, TypeError, ValueError):
        return False
    return True


def _fresh_sequence() -> int:
    """Where receipt numbers start in a new file: above those of any earlier file of this node."""
    return max(1, time.time_ns() // 1_000_000)
