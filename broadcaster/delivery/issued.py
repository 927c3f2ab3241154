"""The agendas as issued: their rows in the database, and their tokens, which are read from there only once."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.delivery import agendas
from broadcaster.delivery.agendas import Duty
from broadcaster.delivery.holdings import fingerprint
from broadcaster.station.copies.own_copy import OwnCopy
from broadcaster.station.rows.inserting import put_many
from broadcaster.station.schema import AgendaIssue

ASKED_AT_ONCE = 500
"""Tokens; a database bounds the length of a question."""


class Signed(NamedTuple):
    """An agenda as it travels.

    number: of this agenda.
    token: the whole, signed.
    fingerprint: of the token.
    """

    number: int
    token: bytes
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class Issue:
    """An agenda as it must stand at the broker.

    node: whose.
    signed: itself.
    duty: what the node is asked.
    issued_at, expires_at, term, issuer: as it says itself.
    """

    node: str
    signed: Signed
    duty: Duty
    issued_at: datetime
    expires_at: datetime
    term: int = 0
    issuer: str = ""

    @property
    def number(self) -> int:
        return self.signed.number


@dataclass(frozen=True, slots=True)
class LastAgenda:
    """The last agenda of one node, each as in ``schema.AgendaIssue``."""

    number: int
    term: int
    issuer: str
    digest: str
    issued_at: datetime
    expires_at: datetime

    def serves(self, duty: Duty, own: OwnCopy, *, now_at: datetime) -> bool:
        """Whether it asks this, for long enough, and is signed as this copy signs."""
        old = agendas.wants_renewal(issued_at=self.issued_at, expires_at=self.expires_at, now_at=now_at)
        ours = self.term == own.term and (self.issuer in own.live or not own.live)
        return ours and self.digest == duty.digest and not old


class Issued:
    """What was issued last. A number is never used twice, so that a token once read stays right."""

    def __init__(self) -> None:
        self._tokens: dict[str, Signed] = {}

    def rows(self, s: Session) -> dict[str, LastAgenda]:
        """Of every node that was ever given an agenda, by its id."""
        columns = [getattr(AgendaIssue, name) for name in LastAgenda.__slots__]
        return {node_id: LastAgenda(*row) for node_id, *row in s.execute(select(AgendaIssue.node_id, *columns))}

    def issues(self, s: Session, rows: Mapping[str, LastAgenda], duties: Mapping[str, Duty]) -> dict[str, Issue]:
        """The rows with their tokens; ``duties`` says what each node is asked now, which a row may not yet serve."""
        self._read(s, [node for node, row in rows.items() if row.number != self._number(node)])
        return {
            node: Issue(node, self._tokens[node], duties[node], row.issued_at, row.expires_at, row.term, row.issuer)
            for node, row in rows.items()
        }

    def note(self, issues: Iterable[Issue]) -> None:
        """These are in the database now."""
        self._tokens.update((issue.node, issue.signed) for issue in issues)

    def _number(self, node: str) -> int | None:
        known = self._tokens.get(node)
        return known and known.number

    def _read(self, s: Session, nodes: list[str]) -> None:
        chosen = select(AgendaIssue.node_id, AgendaIssue.number, AgendaIssue.token)
        for start in range(0, len(nodes), ASKED_AT_ONCE):
            some = chosen.where(AgendaIssue.node_id.in_(nodes[start : start + ASKED_AT_ONCE]))
            self._tokens.update((node, signed(number, token)) for node, number, token in s.execute(some))


def signed(number: int, token: bytes) -> Signed:
    return Signed(number, token, fingerprint(token))


def numbers(s: Session, nodes: Collection[str]) -> dict[str, int]:
    """The last number of each that has one, which nobody else can raise before this transaction ends."""
    chosen = select(AgendaIssue.node_id, AgendaIssue.number).where(AgendaIssue.node_id.in_(nodes))
    return dict(s.execute(chosen.order_by(AgendaIssue.node_id).with_for_update()).all())


def write(s: Session, issues: Collection[Issue]) -> None:
    """Into the database before anybody can see them."""
    rows = [
        {
            "node_id": issue.node,
            "number": issue.number,
            "term": issue.term,
            "issuer": issue.issuer,
            "digest": issue.duty.digest,
            "token": issue.signed.token,
            "issued_at": issue.issued_at,
            "expires_at": issue.expires_at,
        }
        for issue in sorted(issues, key=lambda issue: issue.node)
    ]
    put_many(s, AgendaIssue, rows, key="node_id")
