"""The agenda this node obeys: verified when it comes, kept with its signature, verified again at every start."""

from datetime import datetime
from pathlib import Path

from broadcaster.protocol.agenda import Agenda, AgendaMark
from broadcaster.protocol.errors import Malformed, ProtocolError, Replayed, UnsupportedVersion
from broadcaster.protocol.repetition import unfold
from broadcaster.protocol.signing import Audience, check_order, open_agenda, read_agenda
from broadcaster.protocol.status import RefusedAgenda
from speaker_node.errors import StorageFault
from speaker_node.memory.database import LedgerDatabase
from speaker_node.memory.durable_files import write_durably

TERM, NUMBER = "term", "agenda"


class AgendaStore:
    """The accepted agenda.

    current: what to obey; None before the first and after a loss.
    refused: an agenda of the station's key that came since and is not obeyed; None without one.
    fault: why the agenda in force might not survive a power cut; None when it would.
    """

    def __init__(self, path: Path, database: LedgerDatabase, audience: Audience) -> None:
        self._path = path
        self._database = database
        self._audience = audience
        self.current: Agenda | None = None
        self.refused: RefusedAgenda | None = None
        self.fault: StorageFault | None = None
        self._unsaved: bytes | None = None

    @property
    def last(self) -> AgendaMark:
        """The highest mark ever accepted, even when the agenda itself was lost."""
        return AgendaMark(self._database.number(TERM), self._database.number(NUMBER))

    def reload(self) -> None:
        """Take up the stored agenda.

        Raises ProtocolError when it is damaged, forged or older than one accepted before; the broker's copy of the
        same number is then welcome again. Its end is not judged here: the arbiter does, with a clock it may trust.
        """
        aside = [row["body"] for row in self._database.rows("SELECT body FROM aside WHERE name = ?", NUMBER)]
        token = self._newest(aside + ([self._path.read_bytes()] if self._path.exists() else []))
        if token and aside:
            self._unsaved = token
            self.save()

    def _newest(self, tokens: list[bytes]) -> bytes | None:
        """Obey the newest of these and return it; None without any. Raises ProtocolError when none can be obeyed."""
        opened: list[tuple[Agenda, bytes]] = []
        fault: ProtocolError | None = None
        before = _just_before(self.last)
        for token in tokens:
            try:
                opened.append((open_agenda(token, self._audience, last=before), token))
            except ProtocolError as error:
                fault = error
        if not opened:
            if fault:
                raise fault
            return None
        agenda, newest = max(opened, key=lambda each: each[0].mark)
        self.current = unfold(agenda)
        self._remember(agenda.mark)
        return newest

    def accept(self, token: bytes, *, now_at: datetime | None) -> Agenda:
        """Obey a newly arrived agenda from now on.

        ``now_at`` is None while the clock cannot be trusted. Raises ProtocolError (its subclasses say why); the agenda
        in force then stays in force. A card that refuses the file does not keep the node from obeying: the agenda is
        then kept beside the ledger, and ``fault`` says so.
        """
        try:
            arrived = read_agenda(token, self._audience)
        except (UnsupportedVersion, Malformed) as error:  # signed by the station, in words of another program
            self.refused = RefusedAgenda(error=type(error).__name__)
            raise
        try:
            check_order(arrived, last=self.last if self.current else _just_before(self.last), now_at=now_at)
        except ProtocolError as error:
            self._note_refused(arrived, error)
            raise
        agenda = unfold(arrived)
        self._unsaved = token
        if not self.save():
            self._database.write(lambda to: to.execute("INSERT OR REPLACE INTO aside VALUES (?, ?)", (NUMBER, token)))
        self._remember(agenda.mark)
        self.current, self.refused = agenda, None
        return agenda

    def _note_refused(self, arrived: Agenda, error: ProtocolError) -> None:
        """The station learns of it: it may be another copy of itself that signs, or numbers it has forgotten."""
        if isinstance(error, Replayed) and self.current and _same_origin(arrived, self.current):
            return  # the broker's retained copy comes with every connection
        self.refused = RefusedAgenda(
            issuer=arrived.issuer, term=arrived.term, number=arrived.number, error=type(error).__name__
        )

    def _remember(self, mark: AgendaMark) -> None:
        if mark > self.last:
            self._database.set_numbers({TERM: mark.term, NUMBER: mark.number})

    def save(self) -> bool:
        """Write down what the card has refused so far; False when it still refuses."""
        if self._unsaved is None:
            return True
        try:
            write_durably(self._path, self._unsaved)
        except StorageFault as fault:
            self.fault = fault
            return False
        self._database.write(lambda to: to.execute("DELETE FROM aside WHERE name = ?", (NUMBER,)))
        self._unsaved, self.fault = None, None
        return True


def _just_before(mark: AgendaMark) -> AgendaMark:
    """So that the agenda of this very mark is welcome again."""
    return AgendaMark(mark.term, mark.number - 1)


def _same_origin(one: Agenda, other: Agenda) -> bool:
    return (one.issuer, one.issued_at) == (other.issuer, other.issued_at)
