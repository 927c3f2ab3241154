"""Agendas out of the database: computed for every node, numbered and signed when they say something new."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from broadcaster.delivery import agendas, farewells
from broadcaster.delivery.broker.credentials import Credential
from broadcaster.delivery.holdings import fingerprint
from broadcaster.protocol.agenda import Agenda
from broadcaster.station import agenda_content, carried, changes, nodes
from broadcaster.station.agenda_content import AgendaContent
from broadcaster.station.database import Database
from broadcaster.station.identity import StationIdentity
from broadcaster.station.schema import AgendaIssue, Change, Node

BATCH = 100
"""Agendas written in one transaction, and sent: others may write in between."""

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
    old_at: from then on the picture is old although nothing changed; None while time alone does not matter.
    """

    counters: Mapping[str, int]
    issues: Mapping[str, Issue]
    credentials: tuple[Credential, ...]
    old_at: datetime | None = None


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
        now_at = self._clock()
        with self._database.reading() as s:
            leaving = [node for node, _ in self._leaving(s, now_at).values()]
            return _accounts([*nodes.listing(s), *leaving])

    def refresh(self, on_issued: Callable[[Mapping[str, Issue]], None] = lambda _issues: None) -> Picture:
        """Compute every node's agenda and issue those that changed or grow old. When the database changed meanwhile,
        what is left is not written: the counters in the picture are old then, and the next refresh completes it.

        ``on_issued`` gets each batch as soon as it is written, the most urgent first: the first poles need not wait
        for the last.
        """
        now_at = self._clock()
        with self._database.reading() as s:
            counters = _watched(s)
            found, leaving = nodes.listing(s), self._leaving(s, now_at)
            drafts = self._drafts(s, found, now_at)
            drafts |= {node: _Draft(agenda, agendas.digest(agenda)) for node, (_, agenda) in leaving.items()}
            kept = {issue.node_id: issue for issue in s.scalars(select(AgendaIssue)) if issue.node_id in drafts}
        due = [draft for node, draft in drafts.items() if _is_new(draft, kept.get(node), now_at)]
        issues = {node: Issue(drafts[node].agenda, row.token, fingerprint(row.token)) for node, row in kept.items()}
        for start in range(0, len(due), BATCH):
            written = self._write(due[start : start + BATCH], counters)
            on_issued(written)
            issues |= written
        accounts = _accounts([*found, *(node for node, _ in leaving.values())])
        return Picture(counters, issues, accounts, old_at=now_at + farewells.GRACE if leaving else None)

    def carry(self, node_id: str, *, until_at: datetime) -> Issue:
        """A new agenda for one node, also when it says nothing new, that is to travel by hand and reaches that far.

        Raises NotFound.
        """
        with self._database.session() as s:
            _held(s)
            node = nodes.get(s, node_id)
            carried.promise(s, node=node, until_at=until_at)
            return self._put(s, [self._drafts(s, [node], self._clock())[node.id]])[node.id]

    def _drafts(self, s: Session, found: list[Node], now_at: datetime) -> dict[str, "_Draft"]:
        """Without a number yet, soonest first sample first: an order given now is signed before a bulletin."""
        contents = agenda_content.for_nodes(s, nodes=found, now_at=now_at, chunk_bytes=self._chunk_bytes)
        built = [self._built(content, node, now_at) for node, content in contents.items()]
        built.sort(key=lambda agenda: (agendas.urgency(agenda), agenda.node))
        return {agenda.node: _Draft(agenda, agendas.digest(agenda)) for agenda in built}

    def _leaving(self, s: Session, now_at: datetime) -> dict[str, tuple[Node, Agenda]]:
        def build(content: AgendaContent, node: str) -> Agenda:
            return self._built(content, node, now_at)

        return farewells.leaving(s, now_at=now_at, build=build, digest=agendas.digest)

    def _built(self, content: AgendaContent, node: str, now_at: datetime) -> Agenda:
        return agendas.build(
            content, station=self._identity.station, node=node, number=1, issued_at=now_at, life=self._life
        )

    def _write(self, due: list["_Draft"], counters: Mapping[str, int]) -> dict[str, Issue]:
        with self._database.session() as s:
            return self._put(s, due) if _held(s) == counters else {}

    def _put(self, s: Session, drafts: list["_Draft"]) -> dict[str, Issue]:
        """The next numbers go into the database before anybody can see them. Plain statements for many rows at once:
        objects that SQLAlchemy watches would take longer than the signatures."""
        chosen = select(AgendaIssue.node_id, AgendaIssue.number)
        chosen = chosen.where(AgendaIssue.node_id.in_([draft.agenda.node for draft in drafts]))
        numbers = dict(s.execute(chosen.with_for_update()).all())
        issues = {draft.agenda.node: self._numbered(draft, numbers.get(draft.agenda.node, 0) + 1) for draft in drafts}
        rows = [_row(issues[draft.agenda.node], draft.digest) for draft in drafts]
        for statement, some in (
            (update(AgendaIssue), [row for row in rows if row["node_id"] in numbers]),
            (insert(AgendaIssue), [row for row in rows if row["node_id"] not in numbers]),
        ):
            if some:
                s.execute(statement, some)
        return issues

    def _numbered(self, draft: "_Draft", number: int) -> Issue:
        agenda = msgspec.structs.replace(draft.agenda, number=number)
        token = self._identity.sign(agenda)
        return Issue(agenda, token, fingerprint(token))


@dataclass(frozen=True, slots=True)
class _Draft:
    """agenda: without its number; digest: of what it says."""

    agenda: Agenda
    digest: str


def _row(issue: Issue, digest: str) -> dict[str, object]:
    return {
        "node_id": issue.agenda.node,
        "number": issue.agenda.number,
        "digest": digest,
        "token": issue.token,
        "issued_at": issue.agenda.issued_at,
        "expires_at": issue.agenda.expires_at,
    }


def _accounts(found: list[Node]) -> tuple[Credential, ...]:
    return tuple(Credential(username=node.username, password_hash=node.password_hash) for node in found)


def _watched(s: Session) -> dict[str, int]:
    counters = changes.read(s)
    return {name: counters[name] for name in WATCHED}


def _held(s: Session) -> dict[str, int]:
    """The counters, which nobody else can move before this transaction ends."""
    rows = s.scalars(select(Change).where(Change.name.in_(WATCHED)).order_by(Change.name).with_for_update())
    return dict.fromkeys(WATCHED, 0) | {change.name: change.counter for change in rows}


def _is_new(draft: _Draft, row: AgendaIssue | None, now_at: datetime) -> bool:
    if row is None or row.digest != draft.digest:
        return True
    return agendas.wants_renewal(issued_at=row.issued_at, expires_at=row.expires_at, now_at=now_at)
