"""The node's one SQLite file: ledger, outbox and the few numbers that must never fall back."""

import logging
import os
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from speaker_node.errors import StorageFault
from speaker_node.memory.card_errors import refusal
from speaker_node.memory.completeness_mark import Witness
from speaker_node.memory.durable_files import put_in_place
from speaker_node.memory.ledger_file import broken, drop_journals, is_damaged, opened, opened_for_writing, set_aside
from speaker_node.memory.memory_fallback import Refuge

log = logging.getLogger(__name__)

Work = Callable[[sqlite3.Connection], object]


class Database:
    """Open connection; every change is on the card when ``write`` returns, unless the card refused.

    A card that takes no more writes does not silence the pole: the file is copied into memory and the work goes on
    there, also after a restart of the program. Only a power cut takes what such a run plays from the next one, which
    therefore begins nothing that was due before it. That one knows by the witness, a file beside the ledger that is
    removed when the work leaves the card: a full card takes no mark, but gives one up. When the card takes writes again
    the whole memory goes back there, and then the witness.

    volatile: the work goes on in memory; ``fault`` says why.
    lost_memory: something may have sounded that is not entered here.
    left_before: an earlier run left the card, its memory is lost, and nobody has drawn the consequences yet.
    """

    def __init__(self, path: Path, *, memory: Path) -> None:
        """``memory`` is a folder that outlives this program, but not the power.

        Raises StorageFault when there is no place at all.
        """
        self._path = path
        self._refuge = Refuge(path, memory)
        self._witness = Witness(path)
        self.volatile = False
        self.fault = ""
        self.left_before = path.exists() and not self._witness.present
        try:
            self._connection = self._taken_up() or self._opened_or_reborn()
        except (sqlite3.DatabaseError, OSError) as error:
            self.left_before = not self._witness.give_up() or self.left_before
            self._connection = self._flee(error)
        if self.left_before:
            log.warning("an earlier run left the card and its memory is lost; what was due before now does not begin")
        else:
            self.bear_witness()
        self.lost_memory = self.left_before or broken(path).exists()
        if self.volatile:
            self.come_back()

    def bear_witness(self) -> None:
        """From now on the file that is worked on is the whole memory, as far as a later run must care."""
        self.left_before = False
        (Witness(self._refuge.file) if self.volatile else self._witness).bear()

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
                raise StorageFault(f"Không ghi được sổ phát: {error}. Hãy khởi động lại cụm loa.") from error
            refused, self._connection = self._connection, self._flee(error)
            refused.close()
            self._transaction(work)

    def _transaction(self, work: Work) -> None:
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            work(self._connection)

    def _taken_up(self) -> sqlite3.Connection | None:
        """What a run left in memory that ended without the power going; None when there is nothing of use."""
        if not self._refuge.taken:
            return None
        try:
            connection = opened(self._refuge.file)
        except (sqlite3.DatabaseError, OSError):
            self._refuge.leave()
            self.left_before = True
            return None
        self.volatile = True
        log.info("the last run left its ledger in memory; it goes on there")
        self.left_before = not Witness(self._refuge.file).present
        self._witness.give_up()
        return connection

    def _opened_or_reborn(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return opened_for_writing(self._path)
        except sqlite3.DatabaseError as error:
            if not is_damaged(error):
                raise
            set_aside(self._path)
            return opened_for_writing(self._path)

    def _flee(self, error: sqlite3.DatabaseError | OSError) -> sqlite3.Connection:
        """Go on with a copy in memory. The witness goes when the copy stands: who ends in between forgets nothing."""
        self.volatile = True
        self.fault = _told(error)
        log.warning("%s", self.fault)
        testimony = [] if self.left_before else [self._witness.file]
        try:
            self._refuge.fill(self._path, self._path.with_name(self._path.name + "-wal"), *testimony)
            connection = opened(self._refuge.file)
            if not self.left_before:
                Witness(self._refuge.file).bear()
        except (sqlite3.DatabaseError, OSError) as worse:
            raise StorageFault(f"Không mở được sổ phát {self._path}: {worse}. Hãy thay thẻ nhớ.") from worse
        self._witness.give_up()
        return connection

    def come_back(self) -> bool:
        """Leave memory for the card if it takes writes again; False while it does not.

        Whoever loses power on the way finds a ledger without its witness, and is careful.
        """
        beside = self._path.with_name(self._path.name + ".new")
        try:
            self._write_whole(beside)
            drop_journals(self._path)
            put_in_place(beside, self._path)
            home = opened(self._path)
            self._refuge.leave()
        except (sqlite3.DatabaseError, OSError) as error:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            self.fault = self.fault or _told(error)
            return False
        refuge, self._connection = self._connection, home
        refuge.close()
        self.volatile, self.fault = False, ""
        log.info("the card takes writes again; ledger and outbox are back on it")
        if not self.left_before:
            self.bear_witness()
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


def _told(error: sqlite3.DatabaseError | OSError) -> str:
    return f"Thẻ nhớ không ghi được sổ phát: {refusal(error)}. Cụm loa vẫn phát nhưng cần thay thẻ nhớ."
