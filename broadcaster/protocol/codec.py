"""Messages to bytes and back: compact JSON, strict about what is known, tolerant of what is not.

Every message class is a frozen ``msgspec.Struct`` derived from :class:`Message`. Fields that hold their default
are left out on the wire, which keeps an idle month small; unknown fields are ignored, so that an older side
understands a newer one.
"""

import re
from typing import ClassVar, Literal, TypeVar

import msgspec

from broadcaster.protocol.errors import Malformed, Oversized, UnsupportedVersion

_WHERE = re.compile(r"^(?P<what>.*?)(?: - at `\$\.?(?P<path>.*)`)?$", re.DOTALL)


class Message(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whatever travels as one MQTT payload. ``LIMIT_BYTES`` is the longest its encoding may be."""

    LIMIT_BYTES: ClassVar[int] = 65_536

    version: Literal[1] = 1


AnyMessage = TypeVar("AnyMessage", bound=Message)


def encode(message: Message) -> bytes:
    """The message as UTF-8 JSON. Raises Oversized when it exceeds its class's limit."""
    payload = msgspec.json.encode(message)
    _check_size(type(message), payload)
    return payload


def decode(kind: type[AnyMessage], payload: bytes) -> AnyMessage:
    """The message in ``payload``. Raises Oversized, UnsupportedVersion or Malformed (which names the field)."""
    _check_size(kind, payload)
    try:
        return msgspec.json.decode(payload, type=kind)
    except msgspec.ValidationError as error:
        raise _named(kind, error) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"not JSON for {kind.__name__}: {error}") from None


def _check_size(kind: type[Message], payload: bytes) -> None:
    if len(payload) > kind.LIMIT_BYTES:
        raise Oversized(f"{kind.__name__} of {len(payload)} bytes; at most {kind.LIMIT_BYTES} are allowed")


def _named(kind: type[Message], error: msgspec.ValidationError) -> Malformed | UnsupportedVersion:
    found = _WHERE.match(str(error))
    path = (found and found["path"]) or None
    what = found["what"] if found else str(error)
    if path == "version":
        return UnsupportedVersion(f"{kind.__name__}: {what}", field=path)
    return Malformed(f"{kind.__name__}: {what}", field=path)
