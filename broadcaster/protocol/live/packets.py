"""About 400 ms of live sound as one message: binary, signed, each frame with its place in time.

    "L1"  flags:u8  count:u8  seq:u32  base_ms:u32  first:u32  sent_ms:u64
    count × (length:u16  frame)
    signature:64

All numbers are big-endian. The Ed25519 signature of the station covers the lines ``loa-live``, station and session,
each ended by a line feed, and then everything before the signature.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from broadcaster.protocol.errors import Malformed, Oversized, Unsigned

FRAME_MS = 20
RATE = 24_000
"""Samples a second that frames are made of, mono."""
FRAME_SAMPLES = RATE * FRAME_MS // 1000
PACKET_FRAMES = 20
"""Frames in a packet, unless it is the last: 400 ms."""
MOST_FRAMES = 50
LIMIT_BYTES = 8192
LAST = 1
"""Flag: the session is over where this packet ends."""
_MAGIC = b"L1"
_HEAD = struct.Struct(">2sBBIIIQ")
_LENGTH = struct.Struct(">H")
_SIGNATURE_BYTES = 64
_MOST = 2**32 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LivePacket:
    """Some frames of one session.

    seq: counts the packets of the session from 0; the same as in the topic.
    base_ms: frame 0 of the session sounds so long after the item's ``start_at``; the same in all packets of a session.
    first: number of the first frame; frame n sounds ``base_ms + n × 20`` ms after ``start_at``.
    sent_ms: milliseconds since 1970 by the station's clock when it was sent.
    frames: Opus frames of 20 ms, mono; an empty one was lost at the source.
    last: the session is over after these frames.
    """

    seq: int
    base_ms: int
    first: int
    sent_ms: int
    frames: Sequence[bytes]
    last: bool = False


def pack(packet: LivePacket, *, station: str, session: str, key: SigningKey) -> bytes:
    """The packet as it travels. Raises Malformed for what does not fit into its fields, Oversized."""
    if len(packet.frames) > MOST_FRAMES:
        raise Oversized(f"{len(packet.frames)} frames in a packet; at most {MOST_FRAMES} are allowed", field="frames")
    try:
        flags, count = LAST * packet.last, len(packet.frames)
        head = _HEAD.pack(_MAGIC, flags, count, packet.seq, packet.base_ms, packet.first, packet.sent_ms)
        body = head + b"".join(_LENGTH.pack(len(frame)) + frame for frame in packet.frames)
    except struct.error as error:
        raise Malformed(f"live packet: {error}") from None
    if len(body) + _SIGNATURE_BYTES > LIMIT_BYTES:
        raise Oversized(f"live packet of {len(body)} bytes; at most {LIMIT_BYTES} are allowed")
    return body + key.sign(_place(station, session) + body).signature


def unpack(payload: bytes, *, station: str, session: str, key: VerifyKey) -> LivePacket:
    """The packet in ``payload``; nothing of it is read before the signature holds.

    Raises Oversized, Unsigned or Malformed.
    """
    if len(payload) > LIMIT_BYTES:
        raise Oversized(f"live packet of {len(payload)} bytes; at most {LIMIT_BYTES} are allowed")
    body, signature = payload[:-_SIGNATURE_BYTES], payload[-_SIGNATURE_BYTES:]
    try:
        key.verify(_place(station, session) + body, signature)
    except (BadSignatureError, ValueError):
        raise Unsigned("the signature is another one's", field="signature") from None
    return _read(body)


def _read(body: bytes) -> LivePacket:
    try:
        magic, flags, count, seq, base_ms, first, sent_ms = _HEAD.unpack_from(body)
    except struct.error:
        raise Malformed("live packet: no whole head", field="head") from None
    if magic != _MAGIC or count > MOST_FRAMES or first + count > _MOST:
        raise Malformed("live packet: not of this kind", field="head")
    frames, at = [], _HEAD.size
    for _ in range(count):
        frame, at = _frame(body, at)
        frames.append(frame)
    if at != len(body):
        raise Malformed("live packet: bytes behind the last frame", field="frames")
    return LivePacket(
        seq=seq, base_ms=base_ms, first=first, sent_ms=sent_ms, frames=tuple(frames), last=bool(flags & LAST)
    )


def _frame(body: bytes, at: int) -> tuple[bytes, int]:
    """The frame whose length stands at this place, and where the next begins."""
    begin = at + _LENGTH.size
    if begin > len(body):
        raise Malformed("live packet: cut short", field="frames")
    end = begin + _LENGTH.unpack_from(body, at)[0]
    if end > len(body):
        raise Malformed("live packet: cut short", field="frames")
    return body[begin:end], end


def _place(station: str, session: str) -> bytes:
    return f"loa-live\n{station}\n{session}\n".encode()
