"""Agendas out of the database: computed for every node, numbered and signed when they say something new."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.delivery import agendas, issued, retirements
from broadcaster.delivery.agendas import Duty
from broadcaster.delivery.broker.credentials import Credential
from broadcaster.delivery.copies.number_rules import NumberRules
from broadcaster.delivery.copies.watch import CopyWatch
from broadcaster.delivery.issued import Issue, Issued
from broadcaster.protocol.agenda import AuditHead, ClipRef
from broadcaster.station.agendas import content as agenda_content
from broadcaster.station.agendas import offline_agendas
from broadcaster.station.audit import heads as audit_heads
from broadcaster.station.copies import own_copy
from broadcaster.station.database.engine import Database
from broadcaster.station.database.unwritten import Unwritten
from broadcaster.station.gauges import gauges
from broadcaster.station.nodes import nodes
from broadcaster.station.nodes import orders as node_orders
from broadcaster.station.nodes.orders import NodeOrders, Ordered
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.rows import changes
from broadcaster.station.schema import ChangeCounter, Node

FIRST, BATCH = 50, 400
"""Agendas written in one transaction, and sent: others may write in between."""

WATCHED = ("agendas",)
AT_MOST_SECONDS = 5.0
"""Between two looks at the counters, which rise only when somebody writes."""
"""The counter of what agendas are made of; what it misses, such as items that are over, the next look finds."""


@dataclass(frozen=True, slots=True)
class WantedAgendas:
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


@dataclass(frozen=True, slots=True)
class Stamp:
    """What agendas signed together have in common, each as in ``Agenda``."""

    issued_at: datetime
    audit: AuditHead | None
    term: int
    issuer: str


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
        watch: CopyWatch | None = None,
    ) -> None:
        self._database = database
        self._identity = identity
        self._clock = clock
        self._life = life
        self._chunk_bytes = chunk_bytes
        self._issued = Issued()
        self._watch = watch
        self._unwritten = Unwritten(database, at_most_seconds=AT_MOST_SECONDS)
        self._counters: dict[str, int] | None = None

    def counters(self) -> dict[str, int]:
        """Of the watched changes, now."""
        if not self._unwritten.still() or self._counters is None:
            self._counters = None
            with self._database.reading(urgent=True) as s:
                self._counters = _watched(s)
        return self._counters

    def accounts(self) -> tuple[Credential, ...]:
        """Of the nodes that may connect."""
        with self._database.reading(urgent=True) as s:
            return _accounts(s, node_orders.in_service(s), retirements.leaving(s, now_at=self._clock()))

    def sounding(self) -> list[tuple[ClipRef, float]]:
        """The clips of all that is to sound soon, and when, in seconds since 1970: known at once, for no node in
        particular."""
        with self._database.reading(urgent=True) as s:
            found = agenda_content.sounding(s, now_at=self._clock(), chunk_bytes=self._chunk_bytes)
        return [(ref, start_at.timestamp()) for ref, start_at in found]

    def refresh(self, on_issued: Callable[[Mapping[str, Issue]], None] = lambda _issues: None) -> WantedAgendas:
        """Compute every node's agenda and issue those that changed or grow old. When the database changed meanwhile,
        what is left is not written: the counters in the picture are old then, and the next refresh completes it.

        ``on_issued`` gets each batch as soon as it is written, the most urgent first: the first nodes need not wait
        for the last.
        """
        now_at = self._clock()
        with self._database.reading(urgent=True) as s:
            counters, own = _watched(s), own_copy.read(s)
            found, leaving = node_orders.in_service(s), retirements.leaving(s, now_at=now_at)
            duties = self._duties(s, found, now_at) | dict.fromkeys(
                (node.id for node in leaving), retirements.EMPTY_DUTY
            )
            rows = {node: row for node, row in self._issued.rows(s).items() if node in duties}
            issues = self._issued.issues(s, rows, duties)
            accounts = _accounts(s, found, leaving)
        rules = self._rules
        due = [
            node
            for node in duties
            if node not in rules.left
            if node not in rows or not rows[node].serves(duties[node], own, now_at=now_at) or rules.wants(node)
        ]
        due.sort(key=lambda node: duties[node].urgency)
        for some in _batches(due):
            written = self._write({node: duties[node] for node in some}, counters, now_at)
            on_issued(written)
            issues |= written
        return WantedAgendas(counters, issues, accounts, old_at=now_at + retirements.GRACE if leaving else None)

    @property
    def _rules(self) -> NumberRules:
        return self._watch.rules if self._watch is not None else NumberRules()

    def carry(self, node_id: str, *, until_at: datetime) -> Issue:
        """A new agenda for one node, also when it says nothing new, that is to travel by hand and reaches that far.

        Raises NotFound.
        """
        now_at = self._clock()
        with self._database.session() as s:
            _held(s)
            node = nodes.get(s, node_id)
            offline_agendas.promise(s, node=node, until_at=until_at)
            return self._put(s, self._duties(s, [node], now_at), now_at)[node.id]

    def _duties(self, s: Session, found: Sequence[Ordered], now_at: datetime) -> dict[str, Duty]:
        """By node; nodes that are asked the same have one between them."""
        contents = agenda_content.for_nodes(s, nodes=found, now_at=now_at, chunk_bytes=self._chunk_bytes)
        shared = {id(content): content for content in contents.values()}
        duties = {key: agendas.duty(content, chunk_bytes=self._chunk_bytes) for key, content in shared.items()}
        return {node: duties[id(content)] for node, content in contents.items()}

    def _write(self, duties: Mapping[str, Duty], counters: Mapping[str, int], now_at: datetime) -> dict[str, Issue]:
        with self._database.session(urgent=True) as s:
            issues = self._put(s, duties, now_at) if _held(s) == counters else {}
        self._issued.note(issues.values())
        if self._watch is not None:
            self._watch.done(issues)
        return issues

    def _put(self, s: Session, duties: Mapping[str, Duty], now_at: datetime) -> dict[str, Issue]:
        """The next numbers go into the database before anybody can see them."""
        numbers, rules = issued.numbers(s, duties.keys()), self._rules
        issuer = self._watch.issuer if self._watch is not None else ""
        stamp = Stamp(now_at, self._identity.sign_head(audit_heads.head(s)), own_copy.read(s).term, issuer)
        issues = {
            node: self._signed(node, duty, rules.next_number(node, numbers.get(node, 0)), stamp)
            for node, duty in duties.items()
        }
        issued.write(s, issues.values())
        return issues

    def _signed(self, node: str, duty: Duty, number: int, stamp: Stamp) -> Issue:
        station, issued_at = self._identity.station, stamp.issued_at
        agenda = agendas.addressed(
            duty, station=station, node=node, number=number, issued_at=issued_at, life=self._life
        )
        said = msgspec.structs.replace(agenda, audit=stamp.audit, term=stamp.term, issuer=stamp.issuer)
        if duty.offer:
            release = self._identity.sign_release(agendas.order(duty.offer, station=station))
            said = msgspec.structs.replace(said, release=release)
        token = issued.signed(number, self._identity.sign(said))
        return Issue(node, token, duty, issued_at, agenda.expires_at, stamp.term, stamp.issuer)


def _batches(due: Sequence[str]) -> Iterator[Sequence[str]]:
    """A short first one: it is sent while the second is signed."""
    yield from (due[start:end] for start, end in pairwise([0, *range(FIRST, len(due), BATCH), len(due)]) if start < end)


def _accounts(s: Session, *groups: Iterable[NodeOrders | Node]) -> tuple[Credential, ...]:
    """Of these nodes, and of the gauges that come by themselves."""
    sending = [
        Credential(username=each.id, password_hash=each.password_hash or "", password_sha256=each.password_sha256)
        for each in gauges.with_accounts(s)
    ]
    return (
        *(
            Credential(username=node.username, password_hash=node.password_hash, password_sha256=node.password_sha256)
            for group in groups
            for node in group
        ),
        *sending,
    )


def _watched(s: Session) -> dict[str, int]:
    counters = changes.read(s)
    return {name: counters[name] for name in WATCHED}


def _held(s: Session) -> dict[str, int]:
    """The counters, which nobody else can move before this transaction ends."""
    rows = s.scalars(
        select(ChangeCounter).where(ChangeCounter.name.in_(WATCHED)).order_by(ChangeCounter.name).with_for_update()
    )
    return dict.fromkeys(WATCHED, 0) | {change.name: change.counter for change in rows}
