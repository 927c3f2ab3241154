"""Where the first two people are called, chosen while a station is set up: each channel gets a code and is paired by
it, then or later by its owner."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from broadcaster.errors import Invalid
from broadcaster.station.notices import channels
from broadcaster.station.notices.channels import NewChannel
from broadcaster.station.notices.sealing import Sealer
from broadcaster.station.schema import NoticeChannel, NoticeSending, Person
from broadcaster.station.upkeep import first_setup
from broadcaster.station.vocabulary.notices import ChannelKind

KINDS = (ChannelKind.EMAIL, ChannelKind.ZALO, ChannelKind.TELEGRAM, ChannelKind.NTFY)
"""Those whose address is typed. A browser asks its owner itself, a webhook's key is shown to its owner alone, and an
official account needs more than a token."""
SETTLED = timedelta(seconds=10)
"""So long after the services of channels were set the station has begun anew with them."""


@dataclass(frozen=True, slots=True)
class FirstChannel:
    """A channel as it is chosen: whose, and its newest message; None before it was made."""

    channel: NoticeChannel
    sending: NoticeSending | None


def add(s: Session, person: Person, wanted: NewChannel, *, sealer: Sealer, sent_at: datetime) -> NoticeChannel:
    """The channel, to which a code is sent from then on. Raises Invalid, Conflict, as where the station is set up."""
    first_setup.require_open(s)
    channel, _ = channels.add(s, wanted, by=person, sealer=sealer, now_at=sent_at)
    return channel


def require_offered(kind: str, offered: Iterable[str], *, field: str) -> ChannelKind:
    """Raises Invalid for a kind nobody may choose here."""
    if kind not in KINDS or kind not in offered:
        raise Invalid("notice.kind_unknown", field=field)
    return ChannelKind(kind)


def there(s: Session) -> list[FirstChannel]:
    """All of the first two people, oldest first."""
    first_setup.require_open(s)
    found = [channel for person in first_setup.first_two(s) for channel in channels.listing(s, person)]
    return [FirstChannel(each, _newest(s, each)) for each in found]


def one(s: Session, channel_id: str) -> tuple[NoticeChannel, Person]:
    """A channel of theirs, and whose it is. Raises NotFound."""
    first_setup.require_open(s)
    mine = s.get(NoticeChannel, channel_id)
    owners = [person for person in first_setup.first_two(s) if mine is not None and person.id == mine.person_id]
    person = owners[0] if owners else first_setup.first_two(s)[0]
    return channels.get(s, channel_id, person=person), person


def lead_to(s: Session, url: str) -> None:
    """Links in what these channels get lead there: the console has another address from now on."""
    s.execute(update(NoticeChannel).values(base_url=url[:200]))


def _newest(s: Session, channel: NoticeChannel) -> NoticeSending | None:
    newest = select(NoticeSending).where(NoticeSending.channel_id == channel.id)
    return s.scalars(newest.order_by(NoticeSending.made_at.desc(), NoticeSending.id.desc()).limit(1)).first()
