"""A resident's message taken in: checked, bounded, joined with what was said already."""

import hashlib
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from broadcaster.errors import Invalid, NotFound, Unavailable
from broadcaster.refusals.reasons import word
from broadcaster.station.notices import events
from broadcaster.station.rows import changes
from broadcaster.station.schema import Feedback, Node
from broadcaster.station.vocabulary.names import folded, tidy
from broadcaster.station.vocabulary.states import FeedbackState, NodeProblem, VoiceState

LONGEST_TEXT = 500
LONGEST_PHONE = 40
HOUR = timedelta(hours=1)
MOST_OF_A_NODE = 60
MOST_OF_ALL = 600
"""Messages taken in within an hour; what comes beyond is refused with what to do instead."""
MOST_VOICES_WAITING = 20
JOINED_WITHIN = timedelta(days=1)
_DIGITS = range(8, 16)
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of codes: none that is mistaken for another when read aloud or copied by hand."""
CODE_LENGTH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentMessage:
    """problem, text, phone, sender: as in ``schema.Feedback``; has_voice: whether a recording came with it."""

    problem: str
    text: str = ""
    phone: str = ""
    sender: str = ""
    has_voice: bool = False


def node_of(s: Session, node_id: str) -> Node:
    """The node in service that a resident stands before. Raises NotFound."""
    node = s.get(Node, node_id)
    if node is None or node.revoked_at is not None:
        raise NotFound("feedback.node_unknown")
    return node


def checked(said: ResidentMessage) -> ResidentMessage:
    """The same, fit to be stored; asks no database. Raises Invalid with the field's name."""
    if said.problem not in set(NodeProblem):
        raise Invalid("feedback.problem_not_chosen", field="problem")
    text, phone = _plain(said.text), _phone(said.phone)
    if len(text) > LONGEST_TEXT:
        raise Invalid("feedback.text_too_long", field="text", length=len(text), longest=LONGEST_TEXT)
    if said.problem == NodeProblem.OTHER and not text and not said.has_voice:
        raise Invalid("feedback.nothing_said", field="text")
    return ResidentMessage(
        problem=said.problem, text=text, phone=phone, sender=said.sender[:32], has_voice=said.has_voice
    )


def receive(
    s: Session, node: Node, said: ResidentMessage, *, now_at: datetime, draw: Callable[[str], str] = secrets.choice
) -> Feedback:
    """Take in a checked message. Raises Unavailable when too many came within the hour."""
    require_room(s, node, now_at=now_at, has_voice=said.has_voice)
    digest = hashlib.sha256(f"{said.problem}\n{folded(said.text)}".encode()).hexdigest()
    row = Feedback(
        code="".join(draw(_LETTERS) for _ in range(CODE_LENGTH)),
        node_id=node.id,
        unit_id=node.unit_id,
        problem=NodeProblem(said.problem),
        text=said.text,
        phone=said.phone,
        sender=said.sender,
        digest=digest,
        voice=VoiceState.WAITING if said.has_voice else VoiceState.NONE,
        same_as_id=None if said.has_voice else _said_before(s, node, digest, now_at),
        state=FeedbackState.NEW,
        received_at=now_at,
    )
    s.add(row)
    s.flush()
    _tell_staff(s, row, node, now_at)
    return row


def require_room(s: Session, node: Node, *, now_at: datetime, has_voice: bool) -> None:
    """Raises Unavailable when this hour's messages of the node, or of all, or the waiting voices, are too many."""
    recent = select(func.count()).select_from(Feedback).where(Feedback.received_at > now_at - HOUR)
    if (s.scalar(recent.where(Feedback.node_id == node.id)) or 0) >= MOST_OF_A_NODE:
        raise Unavailable("feedback.node_crowded", node=node.name)
    if (s.scalar(recent) or 0) >= MOST_OF_ALL:
        raise Unavailable("feedback.crowded")
    waiting = select(func.count()).select_from(Feedback).where(Feedback.voice == VoiceState.WAITING)
    if has_voice and (s.scalar(waiting) or 0) >= MOST_VOICES_WAITING:
        raise Unavailable("feedback.voices_crowded")


def _said_before(s: Session, node: Node, digest: str, now_at: datetime) -> str | None:
    """The message about this node that says the same and is not answered yet."""
    same = select(Feedback.id).where(
        Feedback.node_id == node.id,
        Feedback.digest == digest,
        Feedback.same_as_id.is_(None),
        Feedback.voice == VoiceState.NONE,
        Feedback.state != FeedbackState.ANSWERED,
        Feedback.received_at > now_at - JOINED_WITHIN,
    )
    return s.scalar(same.order_by(Feedback.received_at, Feedback.id).limit(1))


def _tell_staff(s: Session, row: Feedback, node: Node, now_at: datetime) -> None:
    """The one place where news of a resident's message goes out: open pages by the counter, people by a notice."""
    changes.bump(s, "feedback")
    if row.same_as_id is None:
        about = word("problem", row.problem)
        events.feedback_came(s, feedback_id=row.id, about=about, node=node, now_at=now_at)


def _plain(text: str) -> str:
    """Without marks that turn the direction of writing or cannot be seen: what staff read is what was sent."""
    return tidy("".join(each for each in text if unicodedata.category(each) not in ("Cf", "Co", "Cn")))


def _phone(typed: str) -> str:
    """Raises Invalid for what nobody can call."""
    phone = tidy(typed)
    digits = sum(each.isdecimal() for each in phone)
    if phone and (len(phone) > LONGEST_PHONE or digits not in _DIGITS or set(phone) - set("0123456789 +.-()")):
        raise Invalid("feedback.phone_malformed", field="phone")
    return phone
