"""Bodies about what levels above offer."""

from datetime import datetime

import msgspec

from web.api.bodies import Answer, Request


class OfferRefusal(Request, frozen=True, kw_only=True):
    """words: why the commune does not broadcast it; the level above reads them."""

    words: str


class OfferAnswer(Answer, frozen=True, kw_only=True):
    """state: waiting, prepared, taken, declined, withdrawn, expired or refused; announcement: what was made of it;
    steps: what the caller may do with it now: take, decline."""

    id: str
    upper: str
    item: str
    title: str
    text: str
    broadcast_class: str = msgspec.field(name="class")
    drill: bool
    document_number: str
    has_sound: bool
    state: str
    words: str
    received_at: datetime
    wished_at: datetime | None
    valid_until_at: datetime | None
    announcement_id: str | None = msgspec.field(name="announcement")
    steps: list[str]


class OfferTaken(Answer, frozen=True, kw_only=True):
    """announcement: id of the draft."""

    announcement: str
