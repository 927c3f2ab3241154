"""What a person types as the address of a channel, as a value; and what of it may be shown."""

import re
from base64 import urlsafe_b64decode
from collections.abc import Callable
from typing import Annotated
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from broadcaster.errors import Invalid
from broadcaster.station.vocabulary.notices import ChannelKind

LONGEST = 2_000
_CHAT = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")
_NUMBER = re.compile(r"-?\d{1,24}\Z")
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}\Z")
_TOPIC = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")


class ChannelTarget(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """address: of a chat, a mailbox, a topic or a page; secret: what a webhook's messages are signed with.

    p256dh, auth: of a browser's subscription, base64url.
    """

    address: Annotated[str, Meta(min_length=1, max_length=LONGEST)]
    secret: str = ""
    p256dh: str = ""
    auth: str = ""


def target_of(kind: ChannelKind, typed: str) -> ChannelTarget:
    """Raises Invalid(field="target")."""
    return _READ[kind](typed.strip()[: LONGEST + 1])


def label_of(kind: ChannelKind, target: ChannelTarget) -> str:
    """Enough for its owner to know it by, and for nobody to write to it."""
    if kind is ChannelKind.EMAIL:
        name, _at, host = target.address.partition("@")
        return f"{name[:1]}…@{host}"[:120]
    if kind in (ChannelKind.NTFY, ChannelKind.WEBHOOK, ChannelKind.WEB_PUSH):
        return (urlsplit(target.address).hostname or "")[:120]
    return f"…{target.address[-3:]}"


def _chat(typed: str) -> ChannelTarget:
    if not _CHAT.match(typed):
        raise Invalid("notice.chat_malformed", field="target")
    return ChannelTarget(address=typed)


def _number(typed: str) -> ChannelTarget:
    if not _NUMBER.match(typed):
        raise Invalid("notice.number_malformed", field="target")
    return ChannelTarget(address=typed)


def _email(typed: str) -> ChannelTarget:
    if not _EMAIL.match(typed):
        raise Invalid("notice.email_malformed", field="target")
    return ChannelTarget(address=typed)


def _ntfy(typed: str) -> ChannelTarget:
    """``https://server/topic``."""
    _check_address(typed)
    if not _TOPIC.match(urlsplit(typed).path.removeprefix("/")) or urlsplit(typed).query:
        raise Invalid("notice.topic_malformed", field="target")
    return ChannelTarget(address=typed)


def _webhook(typed: str) -> ChannelTarget:
    _check_address(typed)
    return ChannelTarget(address=typed)


def _subscription(typed: str) -> ChannelTarget:
    """What the browser says of itself, as JSON (W3C Push API)."""
    try:
        found = msgspec.json.decode(typed.encode(), type=_Subscription)
        public, secret = _decoded(found.keys["p256dh"]), _decoded(found.keys["auth"])
    except (msgspec.DecodeError, ValueError, KeyError):
        raise Invalid("notice.subscription_malformed", field="target") from None
    _check_address(found.endpoint)
    if urlsplit(found.endpoint).scheme != "https" or (len(public), public[:1], len(secret)) != (65, b"\x04", 16):
        raise Invalid("notice.subscription_malformed", field="target")
    return ChannelTarget(address=found.endpoint, p256dh=found.keys["p256dh"], auth=found.keys["auth"])


class _Subscription(msgspec.Struct, frozen=True):
    endpoint: str
    keys: dict[str, str]


def _decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _check_address(typed: str) -> None:
    try:
        parts = urlsplit(typed)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
        sound = sound and (parts.port is None or parts.port > 0)
    except ValueError:
        sound = False
    if not sound or len(typed) > LONGEST or not typed.isascii() or not typed.isprintable() or " " in typed:
        raise Invalid("notice.url_malformed", field="target")


_READ: dict[ChannelKind, Callable[[str], ChannelTarget]] = {
    ChannelKind.ZALO: _chat,
    ChannelKind.ZALO_OA: _number,
    ChannelKind.EMAIL: _email,
    ChannelKind.NTFY: _ntfy,
    ChannelKind.TELEGRAM: _number,
    ChannelKind.WEBHOOK: _webhook,
    ChannelKind.WEB_PUSH: _subscription,
}
