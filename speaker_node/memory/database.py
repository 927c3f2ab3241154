"""The node's one SQLite file: ledger, outbox and the few numbers that must never fall back."""

import logging
import os
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from broadcaster.protocol.reasons import TroubleCode
from speaker_node.errors import StorageFault
from speaker_node.memory.card_errors import card_cause
from speaker_node.memory.completeness_mark import CompletenessMark
from speaker_node.memory.durable_files import put_in_place
from speaker_node.memory.ledger_file import (
    broken,
    drop_journals,
    has_lost_writes,
    is_damaged,
    opened,
    opened_for_writing,
    set_aside,
)
from speaker_node.memory.memory_fallback import MemoryFallback

log = logging.getLogger(__name__)

Work = Callable[[sqlite3.Connection], object]


class LedgerDatabase:
    """Open connection; every change is on the card when ``write`` returns, unless the card refused.

    A card that takes no more writes does not silence the node: the file is copied into memory and the work goes on
    there, also after a restart of the program. Only a power cut takes what such a run plays from the next one, which
    therefore begins nothing that was due before it. That one knows by the completeness mark, a file beside the ledger
    that is removed when the work leaves the card: a full card takes no new file, but lets one be removed. When the card
    takes writes again the whole memory goes back there, and then the mark.

    volatile: the work goes on in memory; ``fault`` says why.
    lost_memory: something may have sounded that is not entered here.
    rebuilt: name of the file an unreadable ledger was set aside as in this run; empty without one.
    earlier_memory_lost: an earlier run left the card, its memory is gone, and nobody has drawn the consequences yet.
    """

    def __init__(self, path: Path, *, memory: Path) -> None:
        """``memory`` is a folder that outlives this program, but not the power.

        Raises StorageFault when there is no place at all.
        """
        self._path = path
        self._fallback = MemoryFallback(path, memory)
        self._mark = CompletenessMark(path)
        self.volatile = False
        self.rebuilt = ""
        self.fault: StorageFault | None = None
        if has_lost_writes(path):
            self._mark.remove()
        self.earlier_memory_lost = path.exists() != self._mark.present  # a fresh card has neither
        try:
            self._connection = self._from_fallback() or self._opened_or_rebuilt()
        except (sqlite3.DatabaseError, OSError) as error:
            self.earlier_memory_lost = not self._mark.remove() or self.earlier_memory_lost
            self._connection = self._fall_back(error)
        if self.earlier_memory_lost:
            log.warning("an earlier run left the card and its memory is lost; what was due before now does not begin")
        else:
            self.mark_complete()
        self.lost_memory = self.earlier_memory_lost or broken(path).exists()
        if self.volatile:
            self.return_to_card()

    def mark_complete(self) -> None:
        """From now on the file that is worked on is the whole memory, as far as a later run must care."""
        self.earlier_memory_lost = False
        (CompletenessMark(self._fallback.file) if self.volatile else self._mark).put()

    def write(self, work: Work) -> None:
        """Do the work in one transaction. When the card refuses it is done again in memory.

        Raises StorageFault when that fails too.
        """
        try:
            self._transaction(work)
        except sqlite3.IntegrityError:
            raise
        except sqlite3.DatabaseError as error:
            if self.volatile:
                raise StorageFault(TroubleCode.LEDGER_STOPPED, cause=card_cause(error)) from error
            refused, self._connection = self._connection, self._fall_back(error)
            refused.close()
            self._transaction(work)

    def _transaction(self, work: Work) -> None:
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            work(self._connection)

    def _from_fallback(self) -> sqlite3.Connection | None:
        """What a run left in memory that ended without the power going; None when there is nothing of use."""
        if not self._fallback.in_use:
            return None
        try:
            connection = opened(self._fallback.file)
        except (sqlite3.DatabaseError, OSError):
            self._fallback.discard()
            self.earlier_memory_lost = True
            return None
        self.volatile = True
        log.info("the last run left its ledger in memory; it goes on there")
        self.earlier_memory_lost = not CompletenessMark(self._fallback.file).present
        self._mark.remove()
        return connection

    def _opened_or_rebuilt(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return opened_for_writing(self._path)
        except sqlite3.DatabaseError as error:
            if not is_damaged(error):
                raise
            log.warning("the ledger cannot be read (%s); it is set aside", error)
            set_aside(self._path)
            self.rebuilt = broken(self._path).name
            return opened_for_writing(self._path)

    def _fall_back(self, error: sqlite3.DatabaseError | OSError) -> sqlite3.Connection:
        """Go on with a copy in memory. The mark goes when the copy stands: who ends in between forgets nothing."""
        self.volatile = True
        self.fault = _card_trouble(error)
        log.warning("%s", self.fault)
        mark = [] if self.earlier_memory_lost else [self._mark.file]
        try:
            connection = self._copied(mark)
            if not self.earlier_memory_lost:
                CompletenessMark(self._fallback.file).put()
        except (sqlite3.DatabaseError, OSError) as worse:
            raise StorageFault("ledger_not_opened", path=self._path, cause=card_cause(worse)) from worse
        self._mark.remove()
        return connection

    def _copied(self, mark: list[Path]) -> sqlite3.Connection:
        """A copy in memory with these files beside it; an empty one when the card's ledger cannot even be read."""
        try:
            self._fallback.fill(self._path, self._path.with_name(self._path.name + "-wal"), *mark)
            return opened(self._fallback.file)
        except (sqlite3.DatabaseError, OSError) as error:
            log.warning("the ledger on the card cannot be read (%s); what was due before now does not begin", error)
            self.earlier_memory_lost = True
            self._fallback.fill()
            return opened(self._fallback.file)

    def return_to_card(self) -> bool:
        """Leave memory for the card if it takes writes again; False while it does not.

        Whoever loses power on the way finds a ledger without its mark, and is careful.
        """
        beside = self._path.with_name(self._path.name + ".new")
        try:
            self._write_whole(beside)
            drop_journals(self._path)
            put_in_place(beside, self._path)
            on_card = opened(self._path)
            self._fallback.discard()
        except (sqlite3.DatabaseError, OSError) as error:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            self.fault = self.fault or _card_trouble(error)
            return False
        fallback, self._connection = self._connection, on_card
        fallback.close()
        self.volatile, self.fault = False, None
        log.info("the card takes writes again; ledger and outbox are back on it")
        if not self.earlier_memory_lost:
            self.mark_complete()
        return True

    def _write_whole(self, beside: Path) -> None:
        """A copy of the memory, on the card when this returns."""
        beside.unlink(missing_ok=True)
        beside.touch()  # where that fails the kernel says why; SQLite would only say that
        self._connection.execute("VACUUM INTO ?", (str(beside),))
        with beside.open("rb") as file:
            os.fsync(file.fileno())

    def rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        """What a query finds."""
        return self._connection.execute(query, values).fetchall()

    def number(self, name: str) -> int:
        """A stored number; 0 when it was never set."""
        found = self.rows("SELECT value FROM number WHERE name = ?", name)
        return int(found[0]["value"]) if found else 0

    def raise_number(self, name: str, value: int) -> None:
        """Store a number that never falls."""
        self.write(
            lambda to: to.execute(
                "INSERT INTO number VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)",
                (name, value),
            )
        )

    def set_numbers(self, numbers: dict[str, int]) -> None:
        """Store numbers that belong together, whatever was there before."""
        self.write(lambda to: to.executemany("INSERT OR REPLACE INTO number VALUES (?, ?)", list(numbers.items())))

    def close(self) -> None:
        """Done; a copy in memory waits for the next run."""
        self._connection.close()


def _card_trouble(error: sqlite3.DatabaseError | OSError) -> StorageFault:
    return StorageFault(TroubleCode.LEDGER_NOT_WRITTEN, cause=card_cause(error))
