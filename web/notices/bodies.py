"""Bodies about one's channels and messages."""

from datetime import datetime

from web.api.bodies import Answer, Request


class ChannelWish(Request, frozen=True, kw_only=True):
    """kind: zalo, zalo_oa, email, ntfy, telegram, webhook or web_push, as far as the station offers it.

    target: chat, mailbox, topic or page; of a browser its subscription as JSON. language: of the messages, vi or en.
    """

    kind: str
    target: str
    language: str = "vi"


class ChannelCode(Request, frozen=True, kw_only=True):
    """code: the six digits that arrived in the channel."""

    code: str


class NoticeChannel(Answer, frozen=True, kw_only=True):
    """label: what its owner knows it by; the address itself is never answered.

    paired_at: null until the code was typed; rests_until_at: it fails and is left alone until then.
    trouble: code of why the last attempt did not succeed. secret: of a webhook, once.
    """

    id: str
    kind: str
    label: str
    created_at: datetime
    paired_at: datetime | None
    rests_until_at: datetime | None
    trouble: str | None
    secret: str | None = None


class NoticeSending(Answer, frozen=True, kw_only=True):
    """notice: id of what it is about; state: waiting, sending, sent, failed or lapsed; reason: a code, or null."""

    id: str
    notice: str
    kind: str
    title: str
    channel: str
    state: str
    attempts: int
    made_at: datetime
    ended_at: datetime | None
    reason: str | None
