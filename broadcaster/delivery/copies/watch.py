"""Learns from what the nodes obey: numbers this database forgot, and another machine that signs as this station.

Whoever finds a node obeying another name does not outbid it at once. It signs under a name nobody knows and a number
the node refuses, and the node says so to everybody. A machine that lives answers by signing anew with a higher number;
one that does not answer is this station's own past, and its numbers are then exceeded. So a restored copy finds its
nodes by itself, and two machines that live never fight over them: each leaves alone what the other holds, until a
person takes over.
"""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from broadcaster.delivery.copies.number_rules import NumberRules
from broadcaster.delivery.copies.obeyed import Obeyed, is_ahead, notable, obedient
from broadcaster.station.copies import own_copy, second_copy
from broadcaster.station.copies.own_copy import OwnCopy
from broadcaster.station.copies.second_copy import SecondCopy
from broadcaster.station.database.engine import Database

log = logging.getLogger(__name__)

ANSWER_SECONDS = 15.0
"""A machine that lives answers a refusal within seconds; a weak link may take some more."""
LOOK_SECONDS = 1.0


@dataclass(slots=True)
class Question:
    """Whether somebody still signs under a name.

    numbers: the first number seen with each node; refused_at: since when a node refuses what we signed to ask.
    """

    numbers: dict[str, int] = field(default_factory=dict)
    refused_at: float | None = None


class CopyWatch:
    """Used by the publisher's thread; ``wake`` by any.

    issuer: the name this copy signs with now.
    """

    def __init__(
        self,
        database: Database,
        data_dir: Path,
        *,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._data_dir = data_dir
        self._clock = clock
        self._monotonic = monotonic
        self._started_at = clock()
        self._questions: dict[str, Question] = {}
        self._won: set[str] = set()
        self._answered: set[tuple[str, str]] = set()
        self._exceeded: set[str] = set()
        self._fresh_name = False
        self._foreign: frozenset[str] | None = None
        self._second: SecondCopy | None = None
        self._awake = True
        self._looked_at = float("-inf")
        self.rules = NumberRules()
        self.issuer = ""

    def settle(self) -> None:
        """Find out which copy this is. Raises LoaError when the database does not answer."""
        self._started_at = self._clock()
        with self._database.session() as s:
            before = own_copy.read(s).live
            self.issuer = own_copy.settle(s, self._data_dir)
        self._fresh_name = self.issuer not in before

    @property
    def alone(self) -> bool:
        """Whether no second copy is known."""
        return self._second is None

    def wake(self) -> None:
        """Nodes spoke."""
        self._awake = True

    def withholds(self, node: str) -> bool:
        """Whether what this node states stays in its outbox: it obeys another machine, or a name that is not of this
        one, which may live, or nobody has looked yet. Who acknowledges it would take it from the other."""
        return self._foreign is None or node in self._foreign or node in self.rules.left

    def look(self, *, force: bool = False) -> bool:
        """Learn from what nodes said since the last look; whether the issuer has to act."""
        now = self._monotonic()
        due = now - self._looked_at >= LOOK_SECONDS and (self._awake or self._questions)
        if not due and not force:
            return False
        self._awake, self._looked_at = False, now
        with self._database.reading() as s:
            own = own_copy.read(s)
            self._second = second_copy.noticed(s)
            seen = list(notable(s, own, since_at=self._started_at))
            self._won |= set(obedient(s, own, since_at=self._started_at))
        self._foreign = frozenset(each.node for each in seen if each.issuer and each.issuer not in own.live)
        before, self.rules = self.rules, NumberRules()
        for each in seen:
            self._judge(own, each)
        held = {each.issuer for each in seen if is_ahead(own, each)}
        self._questions = {name: asked for name, asked in self._questions.items() if name in held}
        self._write_down(own)
        rules = self.rules
        urgent = rules.above or rules.below or rules.anew
        return bool(urgent) or (rules.left, rules.unsent) != (before.left, before.unsent)

    def done(self, nodes: Iterable[str]) -> None:
        """These got an agenda just now."""
        for node in nodes:
            self.rules.anew.discard(node)
            self.rules.above.pop(node, None)
            if self.rules.below.pop(node, None) is not None:
                self.rules.left.add(node)

    def _write_down(self, own: OwnCopy) -> None:
        """A restored copy that speaks to its nodes again is like any other; a term outlives the database."""
        if own.restored and self._won:
            with self._database.session() as s:
                own_copy.found_its_nodes(s)
        if own.term:
            with self._database.reading() as s:
                own_copy.keep_term(s, self._data_dir)

    def _judge(self, own: OwnCopy, each: Obeyed) -> None:
        if not is_ahead(own, each):
            self._judge_refused(own, each)
        elif each.issuer in own.live or not each.issuer:
            self._judge_forgotten(own, each)
        elif each.issuer in own.past and each.number <= own.past[each.issuer]:
            self._exceed(own, each)
        else:
            self._ask(own, each)

    def _judge_forgotten(self, own: OwnCopy, each: Obeyed) -> None:
        """A number of our own name that this database does not know: forgotten once, but not again."""
        if each.node in self._exceeded and each.node in self._won:
            self._notice(each.issuer, each.term)
            self.rules.left.add(each.node)
            return
        self._exceeded.add(each.node)
        self._won.discard(each.node)
        self._exceed(own, each)

    def _exceed(self, own: OwnCopy, each: Obeyed) -> None:
        self.rules.above[each.node] = each.number
        if each.term > own.term:
            with self._database.session() as s:
                own_copy.raise_term(s, each.term + (each.issuer not in own.live))

    def _ask(self, own: OwnCopy, each: Obeyed) -> None:
        """Whoever holds this node may live, or may be our own past."""
        asked = self._questions.setdefault(each.issuer, Question())
        if not each.heard:  # of the past: compared with today it would look as if somebody had signed meanwhile
            self.rules.left.add(each.node)
            return
        first = asked.numbers.setdefault(each.node, each.number)
        taken_over = each.term > own.term and not own.restored
        if each.number > first or each.node in self._won or taken_over:
            self._notice(each.issuer, each.term)
        self.rules.left.add(each.node)
        if each.refused.get("issuer") == self.issuer:
            self.rules.unsent.add(each.node)
            asked.refused_at = self._monotonic() if asked.refused_at is None else asked.refused_at
        elif each.issued_by != self.issuer or not self._fresh_name:
            self._put_question(each)
        quiet = asked.refused_at is not None and self._monotonic() - asked.refused_at >= ANSWER_SECONDS
        if quiet and self._second is None:
            self._exceed_past(own, each, asked)

    def _put_question(self, each: Obeyed) -> None:
        """An agenda the node refuses, under a name no other copy knows."""
        if not self._fresh_name:
            with self._database.session() as s:
                self.issuer = own_copy.rename(s, self._data_dir)
            self._fresh_name = True
        self.rules.left.discard(each.node)
        self.rules.below[each.node] = each.number

    def _exceed_past(self, own: OwnCopy, each: Obeyed, asked: Question) -> None:
        """Nobody answered: the name signs no more."""
        log.warning("nobody signs as %s any more; its numbers are exceeded", each.issuer)
        with self._database.session() as s:
            own_copy.note_past(s, each.issuer, max(asked.numbers.values()))
        self.rules.left.discard(each.node)
        self._exceed(own, each)
        self._awake = True

    def _judge_refused(self, own: OwnCopy, each: Obeyed) -> None:
        """The node obeys us, and says that somebody else signed for it."""
        name, number = str(each.refused.get("issuer", "")), int(each.refused.get("number", 0))
        old = number <= own.past.get(name, -1) or (name in own.known and number <= each.issued)
        settled = int(each.refused.get("term", 0)) < own.term  # a person has decided between the two
        if not name or name in own.live or old or settled:
            return
        self._notice(name, int(each.refused.get("term", 0)))
        if (each.node, name) not in self._answered:
            self._answered.add((each.node, name))
            self.rules.anew.add(each.node)

    def _notice(self, issuer: str, term: int) -> None:
        if self._second is not None and self._second.term >= term:
            return
        log.error("another machine signs as this station, under the name %s", issuer or "?")
        with self._database.session() as s:
            second_copy.note(s, issuer=issuer, term=term, now_at=self._clock())
            self._second = second_copy.noticed(s)
