"""What the station wants of one node, as the message the node obeys. Pure."""

import hashlib
from datetime import UTC, datetime, timedelta

import msgspec

from broadcaster.protocol.agenda import Agenda, ClipRef
from broadcaster.protocol.codec import encode
from broadcaster.protocol.repetition import fold
from broadcaster.station.agenda_content import AgendaContent

ITEMS = 400
CLIPS = 400
"""With these an agenda stays below its limit of 256 kB; the earliest items and the clips they need come first."""

RENEW_PART = 4 / 7
"""An agenda is renewed when less than this part of its life is left: 4 of 7 days."""

_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)


def build(
    content: AgendaContent, *, station: str, node: str, number: int, issued_at: datetime, life: timedelta
) -> Agenda:
    """The agenda for ``content``. The same content always gives the same message but for number and times."""
    items = fold(sorted(content.items, key=lambda item: (item.start_at, item.order, item.broadcast)))[:ITEMS]
    return Agenda(
        station=station,
        node=node,
        number=number,
        issued_at=issued_at,
        expires_at=issued_at + life,
        items=items,
        clips=_needed_first(content.clips, [sha for item in items for sha in item.parts])[:CLIPS],
        policy=content.policy,
        stop=content.stop,
    )


def digest(agenda: Agenda) -> str:
    """Hash of everything but number and times: two agendas of one digest ask the same of the node."""
    plain = msgspec.structs.replace(agenda, number=1, issued_at=_ANY_TIME, expires_at=_ANY_TIME)
    return hashlib.sha256(encode(plain)).hexdigest()


def needed(agenda: Agenda) -> tuple[ClipRef, ...]:
    """The clips its items play; without them at the broker the agenda would promise what nobody can fetch."""
    parts = {sha for item in agenda.items for sha in item.parts}
    return tuple(clip for clip in agenda.clips if clip.sha256 in parts)


def stored_ahead(agenda: Agenda) -> tuple[ClipRef, ...]:
    """The clips no item plays yet."""
    parts = {sha for item in agenda.items for sha in item.parts}
    return tuple(clip for clip in agenda.clips if clip.sha256 not in parts)


def urgency(agenda: Agenda) -> float:
    """Seconds since 1970 of the first sample it asks for; a silence order is due at once."""
    if agenda.stop is not None:
        return 0.0
    return min((item.start_at.timestamp() for item in agenda.items), default=float("inf"))


def wants_renewal(*, issued_at: datetime, expires_at: datetime, now_at: datetime) -> bool:
    return expires_at - now_at < (expires_at - issued_at) * RENEW_PART


def _needed_first(clips: tuple[ClipRef, ...], parts: list[str]) -> tuple[ClipRef, ...]:
    place = {sha: index for index, sha in reversed(list(enumerate(parts)))}
    return tuple(sorted(clips, key=lambda clip: (place.get(clip.sha256, len(parts)), clip.sha256)))
