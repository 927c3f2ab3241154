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


class NewUpperLevel(Request, frozen=True, kw_only=True):
    """code: as the level above handed it over, ADDRESS/FINGERPRINT/SECRET."""

    code: str


class UpperLevelAllowance(Answer, frozen=True, kw_only=True):
    """drill: exercises, not emergencies; confirmed_at: nothing is allowed while this is null; steps: what the caller
    may do with it now: confirm, end, under /alert-allowances."""

    id: str
    drill: bool
    confirmed_at: datetime | None
    steps: list[str]


class UpperLevelAnswer(Answer, frozen=True, kw_only=True):
    """upper: its id; empty until its code was used. asked_at: when it last answered; trouble: code of what hindered it
    since; unsent: reports it does not have yet; went_back_at: it was restored from an older copy, until somebody has
    seen it; source: under /alert-sources, what may be allowed of it; steps: what the caller may do with it now: seen,
    close, allow, allow_drill."""

    id: str
    upper: str
    name: str
    url: str
    joined_at: datetime | None
    asked_at: datetime | None
    trouble: str | None
    unsent: int
    went_back_at: datetime | None
    source: str | None
    allowances: list[UpperLevelAllowance]
    steps: list[str]
