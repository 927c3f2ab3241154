"""What programs send and are answered about residents' messages."""

from datetime import datetime

from web.api.bodies import Answer, Request


class FeedbackAnswer(Request, frozen=True, kw_only=True):
    """answer: what the resident reads, at most 1,000 characters."""

    answer: str


class Feedback(Answer, frozen=True, kw_only=True):
    """One message of a resident.

    problem: not_heard, too_loud, broken or other; state: new, in_hand or answered.
    voice: none, waiting, ready, refused or forgotten; voice_seconds: how long it is.
    phone: empty when not given or forgotten; times: how often the same was said.
    announcement_id: the draft that was made of the answer.
    """

    id: str
    node: str
    node_name: str
    unit: str
    problem: str
    text: str
    phone: str
    voice: str
    voice_seconds: float
    received_at: datetime
    times: int
    state: str
    taken_by: str | None
    taken_at: datetime | None
    answer: str
    answered_by: str | None
    answered_at: datetime | None
    announcement_id: str | None


class DraftMade(Answer, frozen=True, kw_only=True):
    """announcement_id: of the draft."""

    announcement_id: str
