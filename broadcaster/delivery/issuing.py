"""Agendas out of the database: computed for every node, numbered and signed when they say something new."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.delivery import agendas
from broadcaster.delivery.broker.credentials import Credential
from broadcaster.delivery.holdings import fingerprint
from broadcaster.protocol.agenda import Agenda
from broadcaster.station import agenda_content, carried, changes, nodes
from broadcaster.station.database import Database
from broadcaster.station.identity import StationIdentity
from broadcaster.station.schema import AgendaIssue, Change, Node

BATCH = 50
"""Agendas written in one transaction: others may write in between."""

WATCHED = ("agendas",)
"""The counter of what agendas are made of; what it misses, such as items that are over, the next look finds."""


@dataclass(frozen=True, slots=True)
class Issue:
    """An agenda as it must stand at the broker.

    agenda: what it says.
    token: it, signed.
    fingerprint: of the token.
    """

    agenda: Agenda
    token: bytes
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class Picture:
    """What the database wanted at one moment.

    counters: of the changes, read before anything else; when they have moved since, the picture is old.
    issues: per node.
    credentials: of the nodes that may connect.
    """

    counters: Mapping[str, int]
    issues: Mapping[str, Issue]
    credentials: tuple[Credential, ...]


class Issuer:
    """Two stations may do this on one database at once: numbers never repeat and old content never follows new."""

    def __init__(
        self,
        database: Database,
        identity: StationIdentity,
        *,
        clock: Callable[[], datetime],
        life: timedelta,
        chunk_bytes: int,
    ) -> None:
        self._database = database
        self._identity = identity
        self._clock = clock
        self._life = life
        self._chunk_bytes = chunk_bytes

    def counters(self) -> dict[str, int]:
        """Of the watched changes, now."""
        with self._database.reading() as s:
            return _watched(s)

    def accounts(self) -> tuple[Credential, ...]:
        """Of the nodes that may connect."""
        with self._database.reading() as s:
            return _accounts(nodes.listing(s))

    def refresh(self) -> Picture:
        """Compute every node's agenda and issue those that changed or grow old. When the database changed meanwhile,
        what is left is not written: the counters in the picture are old then, and the next refresh completes it."""
        now_at = self._clock()
        with self._database.reading() as s:
            counters = _watched(s)
            found = nodes.listing(s)
            drafts = self._drafts(s, found, now_at)
            kept = {issue.node_id: issue for issue in s.scalars(select(AgendaIssue)) if issue.node_id in drafts}
        due = [agenda for node, agenda in drafts.items() if _is_new(agenda, kept.get(node), now_at)]
        issues = {node: _issue(drafts[node], row) for node, row in kept.items()}
        for start in range(0, len(due), BATCH):
            issues |= self._write(due[start : start + BATCH], counters)
        return Picture(counters, issues, _accounts(found))

    def carry(self, node_id: str, *, until_at: datetime) -> Issue:
        """A new agenda for one node, also when it says nothing new, that is to travel by hand and reaches that far.

        Raises NotFound.
        """
        with self._database.session() as s:
            _held(s)
            node = nodes.get(s, node_id)
            carried.promise(s, node=node, until_at=until_at)
            draft = self._drafts(s, [node], self._clock())[node.id]
            return self._put(s, draft, s.get(AgendaIssue, node.id, with_for_update=True))

    def _drafts(self, s: Session, found: list[Node], now_at: datetime) -> dict[str, Agenda]:
        """Without a number yet, soonest first sample first: an order given now is signed before a bulletin."""
        contents = agenda_content.for_nodes(s, nodes=found, now_at=now_at, chunk_bytes=self._chunk_bytes)
        drafts = {
            node: agendas.build(
                content, station=self._identity.station, node=node, number=1, issued_at=now_at, life=self._life
            )
            for node, content in contents.items()
        }
        return dict(sorted(drafts.items(), key=lambda pair: (agendas.urgency(pair[1]), pair[0])))

    def _write(self, due: list[Agenda], counters: Mapping[str, int]) -> dict[str, Issue]:
        with self._database.session() as s:
            if _held(s) != counters:
                return {}
            chosen = select(AgendaIssue).where(AgendaIssue.node_id.in_([agenda.node for agenda in due]))
            rows = {row.node_id: row for row in s.scalars(chosen.with_for_update())}
            return {agenda.node: self._put(s, agenda, rows.get(agenda.node)) for agenda in due}

    def _put(self, s: Session, draft: Agenda, row: AgendaIssue | None) -> Issue:
        """The next number goes into the database before anybody can see it."""
        agenda = msgspec.structs.replace(draft, number=row.number + 1 if row else 1)
        if row is None:
            row = AgendaIssue(node_id=draft.node)
            s.add(row)
        row.number, row.digest = agenda.number, agendas.digest(agenda)
        row.token = self._identity.sign(agenda)
        row.issued_at, row.expires_at = agenda.issued_at, agenda.expires_at
        return _issue(agenda, row)


def _accounts(found: list[Node]) -> tuple[Credential, ...]:
    return tuple(Credential(username=node.username, password_hash=node.password_hash) for node in found)


def _watched(s: Session) -> dict[str, int]:
    counters = changes.read(s)
    return {name: counters[name] for name in WATCHED}


def _held(s: Session) -> dict[str, int]:
    """The counters, which nobody else can move before this transaction ends."""
    rows = s.scalars(select(Change).where(Change.name.in_(WATCHED)).order_by(Change.name).with_for_update())
    return dict.fromkeys(WATCHED, 0) | {change.name: change.counter for change in rows}


def _is_new(draft: Agenda, row: AgendaIssue | None, now_at: datetime) -> bool:
    if row is None or row.digest != agendas.digest(draft):
        return True
    return agendas.wants_renewal(issued_at=row.issued_at, expires_at=row.expires_at, now_at=now_at)


def _issue(agenda: Agenda, row: AgendaIssue) -> Issue:
    return Issue(agenda, row.token, fingerprint(row.token))
