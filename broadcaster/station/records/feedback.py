"""A month of what residents said about nodes, and how it was answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from broadcaster.station.schema import Feedback, Node
from broadcaster.station.vocabulary.states import FeedbackState, NodeProblem


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """One kind of problem. received: messages, said again included; answered: of them."""

    problem: NodeProblem
    received: int
    answered: int


@dataclass(frozen=True, slots=True)
class FeedbackMonth:
    """problems: a line for each kind; answer_time: median from message to answer, None without any."""

    problems: Sequence[ProblemLine]
    answer_time: timedelta | None

    @property
    def answer_hours(self) -> int | None:
        """The median in whole hours, rounded up."""
        return None if self.answer_time is None else -(-int(self.answer_time.total_seconds()) // 3600)

    @property
    def received(self) -> int:
        """All messages."""
        return sum(each.received for each in self.problems)

    @property
    def answered(self) -> int:
        """Those of them that have their answer."""
        return sum(each.answered for each in self.problems)


def month(s: Session, *, from_at: datetime, until_at: datetime, units: set[str] | None = None) -> FeedbackMonth:
    """What came between two instants; with ``units`` only about nodes there. What repeats another has its answer."""
    first = aliased(Feedback)
    chosen = (
        select(Feedback.problem, Feedback.received_at, Feedback.state, Feedback.answered_at, first.state)
        .add_columns(first.answered_at)
        .outerjoin(first, first.id == Feedback.same_as_id)
        .where(Feedback.received_at >= from_at, Feedback.received_at < until_at)
    )
    if units is not None:
        chosen = chosen.join(Node, Node.id == Feedback.node_id).where(Node.unit_id.in_(units))
    received, answered, waits = dict.fromkeys(NodeProblem, 0), dict.fromkeys(NodeProblem, 0), []
    for problem, received_at, own, own_at, of_first, first_at in s.execute(chosen):
        received[problem] += 1
        if FeedbackState.ANSWERED in (own, of_first):
            answered[problem] += 1
            waits.append(((own_at or first_at) - received_at).total_seconds())
    lines = tuple(ProblemLine(each, received[each], answered[each]) for each in NodeProblem)
    return FeedbackMonth(lines, timedelta(seconds=median(waits)) if waits else None)
