"""What the station wants of one node, as the message the node obeys. Pure."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from broadcaster.protocol.agenda import Agenda, AgendaItem, ClipRef, Policy, StopOrder
from broadcaster.protocol.mqtt.chunks import CHUNK_BYTES
from broadcaster.protocol.release import Release
from broadcaster.protocol.repetition import fold
from broadcaster.station.agendas.content import AgendaContent
from broadcaster.station.releases.progress import Offer

ITEMS = 400
CLIPS = 400
"""With these an agenda stays below its limit of 256 kB; the earliest items and the clips they need come first."""

RENEW_PART = 4 / 7
"""An agenda is renewed when less than this part of its life is left: 4 of 7 days."""


@dataclass(frozen=True, slots=True, eq=False)
class Duty:
    """What agendas ask: worked out once, and addressed to every node that is asked the same.

    items, clips, policy, stop, wheels: as in ``Agenda``.
    offer: the newer program the wheels are.
    needed: the clips its items play; without them at the broker the agenda would promise what nobody can fetch.
    stored_ahead: the clips no item plays yet, and behind them the files of a newer program.
    urgency: seconds since 1970 of the first sample it asks for; a silence order is due at once.
    digest: hash of all it asks.
    """

    items: tuple[AgendaItem, ...]
    clips: tuple[ClipRef, ...]
    policy: Policy
    stop: StopOrder | None
    needed: tuple[ClipRef, ...]
    stored_ahead: tuple[ClipRef, ...]
    urgency: float
    digest: str
    wheels: tuple[ClipRef, ...] = ()
    offer: Offer | None = None

    @property
    def pieces(self) -> tuple[ClipRef, ...]:
        """All that travels in chunks."""
        return (*self.clips, *self.wheels)


def duty(content: AgendaContent, *, chunk_bytes: int = CHUNK_BYTES) -> Duty:
    """The duty that is this content, in the order a node wants it. The same content always gives the same digest."""
    wheels = content.offer.clips(chunk_bytes) if content.offer else ()
    asked: tuple[object, ...] = (content.policy, content.stop, *([content.offer] if content.offer else []))
    items = fold(sorted(content.items, key=lambda item: (item.start_at, item.order, item.broadcast)))[:ITEMS]
    parts = [sha for item in items for sha in item.parts]
    spoken = [sha for each in content.policy.spoken_rules for sha in each.parts]
    clips = _needed_first(content.clips, parts + spoken)[:CLIPS]
    played = set(parts)
    return Duty(
        items=items,
        clips=clips,
        policy=content.policy,
        stop=content.stop,
        needed=tuple(clip for clip in clips if clip.sha256 in played),
        stored_ahead=(*(clip for clip in clips if clip.sha256 not in played), *wheels),
        urgency=_urgency(items, content.stop),
        digest=hashlib.sha256(msgspec.json.encode((items, clips, *asked))).hexdigest(),
        wheels=wheels,
        offer=content.offer,
    )


def addressed(duty: Duty, *, station: str, node: str, number: int, issued_at: datetime, life: timedelta) -> Agenda:
    """The agenda that asks this of one node, without the end of the audit chain."""
    return Agenda(
        station=station,
        node=node,
        number=number,
        issued_at=issued_at,
        expires_at=issued_at + life,
        items=duty.items,
        clips=duty.clips,
        policy=duty.policy,
        stop=duty.stop,
        wheels=duty.wheels,
    )


def order(offer: Offer, *, station: str) -> Release:
    """The offer as the node obeys it."""
    return Release(
        station=station,
        program=offer.program,
        wheels=offer.files,
        not_before_at=offer.not_before_at,
        wave=offer.wave,
        quiet_only=offer.quiet_only,
    )


def wants_renewal(*, issued_at: datetime, expires_at: datetime, now_at: datetime) -> bool:
    return expires_at - now_at < (expires_at - issued_at) * RENEW_PART


def _urgency(items: tuple[AgendaItem, ...], stop: StopOrder | None) -> float:
    if stop is not None:
        return 0.0
    return min((item.start_at.timestamp() for item in items), default=float("inf"))


def _needed_first(clips: tuple[ClipRef, ...], parts: list[str]) -> tuple[ClipRef, ...]:
    place = {sha: index for index, sha in reversed(list(enumerate(parts)))}
    return tuple(sorted(clips, key=lambda clip: (place.get(clip.sha256, len(parts)), clip.sha256)))
