"""What a resident says about a node, and what the commune answers."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broadcaster.refusals.reasons import Reason
from broadcaster.station.schema.columns.base import Base, new_id, reason_or_none, word
from broadcaster.station.schema.nodes.nodes import Node
from broadcaster.station.schema.people import Person
from broadcaster.station.vocabulary.states import FeedbackState, NodeProblem, VoiceState


class Feedback(Base):
    """One message of a resident about one node.

    code: with it the resident reads state and answer later; nobody can guess it.
    unit_id: of the node when it came.
    problem: what is wrong.
    text: the resident's own words, at most 500 characters; empty when a press or a voice says it all.
    phone: where the commune may call back; empty when not given, and after it was forgotten.
    voice: how far a recorded minute is; voice_reason: why it cannot be heard; voice_ms: how long it is.
    sender: a keyed hash of address and browser, to count residents; empty after it was forgotten.
    digest: of problem and words, to join what is said again.
    same_as_id: the message it repeats; what is done about that one is done about this one.
    answer: what the resident reads.
    announcement_id: the draft that was made of the answer.
    forgotten_at: when telephone, voice and sender were forgotten.
    """

    __tablename__ = "feedback"
    __table_args__ = (
        Index("ix_feedback_node_id_received_at", "node_id", "received_at"),
        Index("ix_feedback_state_received_at", "state", "received_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    node_id: Mapped[str] = mapped_column(ForeignKey("nodes.id"))
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"))
    problem: Mapped[NodeProblem] = mapped_column(word(NodeProblem))
    text: Mapped[str] = mapped_column(Text, default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    voice: Mapped[VoiceState] = mapped_column(word(VoiceState), default=VoiceState.NONE, index=True)
    voice_reason: Mapped[Reason | None] = reason_or_none()
    voice_ms: Mapped[int] = mapped_column(default=0)
    received_at: Mapped[datetime] = mapped_column(index=True)
    sender: Mapped[str] = mapped_column(String(32), default="")
    digest: Mapped[str] = mapped_column(String(64), index=True)
    same_as_id: Mapped[str | None] = mapped_column(ForeignKey("feedback.id"), index=True)
    state: Mapped[FeedbackState] = mapped_column(word(FeedbackState), default=FeedbackState.NEW)
    taken_by_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    taken_at: Mapped[datetime | None] = mapped_column()
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    answered_at: Mapped[datetime | None] = mapped_column()
    announcement_id: Mapped[str | None] = mapped_column(ForeignKey("announcements.id"))
    forgotten_at: Mapped[datetime | None] = mapped_column()

    node: Mapped[Node] = relationship(lazy="joined")
    taken_by: Mapped[Person | None] = relationship(foreign_keys=[taken_by_id], lazy="joined")
    answered_by: Mapped[Person | None] = relationship(foreign_keys=[answered_by_id], lazy="joined")
