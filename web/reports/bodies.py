"""What programs send and are answered about months."""

import msgspec

from web.api.bodies import Answer


class NodeMonth(Answer, frozen=True, kw_only=True):
    """One node. asked: broadcasts it was to play; played: in full; cut: in part; lost: not at all.

    installed: whether it ever spoke to the station; one that did not belongs in no rate.
    """

    node: str
    name: str
    unit: str
    asked: int
    played: int
    cut: int
    lost: int
    sounded_seconds: float
    installed: bool


class ClassMonth(Answer, frozen=True, kw_only=True):
    """One class of announcements, drills not counted. seconds: of all of them together."""

    broadcast_class: str
    aired: int
    seconds: float


class AuditHead(Answer, frozen=True, kw_only=True):
    """The end of the audit chain when the report was made. signature: the station's, as in docs/protocol.md."""

    entry: int
    hash: str
    signature: str


class ProblemMonth(Answer, frozen=True, kw_only=True):
    """What residents said of one kind. problem: not_heard, too_loud, broken or other."""

    problem: str
    received: int
    answered: int


class FeedbackMonth(Answer, frozen=True, kw_only=True):
    """What residents said. answer_seconds: median from message to answer, null without any."""

    received: int
    answered: int
    answer_seconds: float | None
    problems: list[ProblemMonth]


class MonthReport(Answer, frozen=True, kw_only=True):
    """A month. broadcasts: how many are in its book; audit_head: null before anything was recorded."""

    month: str
    unit: str | None
    broadcasts: int
    classes: list[ClassMonth]
    audit_head: AuditHead | None
    feedback: FeedbackMonth
    nodes: list[NodeMonth] = msgspec.field(name="poles")  # as programs have known it since version 0.1
