"""What a node misses and the broker did not hold."""

from typing import Annotated

import msgspec
from msgspec import Meta

from broadcaster.protocol.codec import Message
from broadcaster.protocol.values import Count, NodeId, Sha256


class WantedChunks(msgspec.Struct, frozen=True, kw_only=True):
    """Chunks of one clip.

    sha256: the clip.
    indexes: the chunks, counted from 0.
    """

    sha256: Sha256
    indexes: Annotated[tuple[Count, ...], Meta(min_length=1, max_length=256)]


class Wants(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Please publish these again.

    node: who asks.
    chunks: per clip.
    """

    node: NodeId
    chunks: Annotated[tuple[WantedChunks, ...], Meta(min_length=1, max_length=64)]
