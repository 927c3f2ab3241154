"""What the broker holds, learnt from the broker itself: it may have forgotten, or remember another year.

Filled by the network's thread, read by the publisher's.
"""

import hashlib
import threading
import time
from collections.abc import Callable, Iterable

from broadcaster.protocol.agenda import ClipRef
from broadcaster.protocol.mqtt import chunks

QUIET_SECONDS = 0.5
"""Retained messages come in one burst once a subscription is accepted; so long a silence means that it is over."""
DOUBT_SECONDS = 10.0
"""What the broker, asked again, has not said so long after it accepted the question it no longer holds."""

Monotonic = Callable[[], float]


class _Heard:
    """Common to both: a lock, and whether the broker has finished telling."""

    def __init__(self, monotonic: Monotonic = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._heard_at: float | None = None
        self._settled = False

    @property
    def settled(self) -> bool:
        """Whether the broker has said what it holds since the last ``forget``."""
        with self._lock:
            if self._heard_at is not None and self._monotonic() - self._heard_at >= QUIET_SECONDS:
                self._settled = True
            return self._settled

    def answered(self) -> None:
        """The broker has accepted the question. Before that its silence means nothing: after an outage it is busy
        letting in thousands of nodes."""
        with self._lock:
            self._heard_at = self._monotonic()

    def _heard(self) -> None:
        if self._heard_at is not None:
            self._heard_at = self._monotonic()

    def _begin(self) -> None:
        self._heard_at = None
        self._settled = False


class AgendasHeld(_Heard):
    """Fingerprint of the agenda the broker keeps for each node."""

    def __init__(self, monotonic: Monotonic = time.monotonic) -> None:
        super().__init__(monotonic)
        self._fingerprints: dict[str, bytes] = {}
        self._news: dict[str, bytes] = {}
        self._doubted: set[str] = set()
        self._doubted_at: float | None = None

    def forget(self) -> None:
        """A new connection: everything will be said."""
        with self._lock:
            self._fingerprints.clear()
            self._news.clear()
            self._doubted.clear()
            self._begin()

    def doubt(self) -> None:
        """A new subscription: what is not said again is no longer there."""
        with self._lock:
            self._doubted = set(self._fingerprints)
            self._doubted_at = None

    def answered(self) -> None:
        super().answered()
        with self._lock:
            self._doubted_at = self._heard_at

    @property
    def quiet(self) -> bool:
        """Whether the broker has answered what it was asked last, as far as one can tell by its silence since."""
        with self._lock:
            return self._heard_at is not None and self._monotonic() - self._heard_at >= QUIET_SECONDS

    def doubted(self) -> set[str]:
        """What the broker, asked again, has not said yet; nothing before it has accepted the question."""
        with self._lock:
            return set(self._doubted) if self._doubted_at is not None else set()

    def drop_doubted(self) -> bool:
        """Forget what was not said again in time; True when there was any."""
        with self._lock:
            if self._doubted_at is None or self._monotonic() - self._doubted_at < DOUBT_SECONDS or not self._doubted:
                return False
            for node in self._doubted:
                self._fingerprints.pop(node, None)
            self._doubted.clear()
            return True

    def saw(self, node: str, token: bytes) -> None:
        """An empty token is an agenda that was cleared."""
        mark = fingerprint(token)
        with self._lock:
            self._heard()
            self._doubted.discard(node)
            if token:
                self._fingerprints[node] = self._news[node] = mark
            else:
                self._fingerprints.pop(node, None)
                self._news.pop(node, None)

    def news(self) -> dict[str, bytes]:
        """What was heard since this was asked the last time, by node."""
        with self._lock:
            found, self._news = self._news, {}
            return found

    def fingerprints(self) -> dict[str, bytes]:
        """By node."""
        with self._lock:
            return dict(self._fingerprints)

    def nodes(self) -> set[str]:
        with self._lock:
            return set(self._fingerprints)


class ChunksHeld(_Heard):
    """Length of every chunk the broker keeps."""

    def __init__(self, monotonic: Monotonic = time.monotonic) -> None:
        super().__init__(monotonic)
        self._lengths: dict[str, dict[int, int]] = {}

    def forget(self) -> None:
        """A new connection: everything has to be learnt again."""
        with self._lock:
            self._lengths.clear()
            self._begin()

    def saw(self, sha256: str, index: int, size_bytes: int) -> None:
        """``size_bytes`` 0 is a chunk that was cleared."""
        with self._lock:
            self._heard()
            held = self._lengths.setdefault(sha256, {})
            held[index] = size_bytes
            if not size_bytes:
                del held[index]
            if not held:
                del self._lengths[sha256]

    def missing(self, ref: ClipRef) -> tuple[int, ...]:
        """Chunks of a clip the broker does not hold in their right length."""
        with self._lock:
            held = self._lengths.get(ref.sha256, {})
            return chunks.missing(ref, [index for index, size in held.items() if _fits(ref, index, size)])

    def surplus(self, in_use: Iterable[str]) -> list[tuple[str, int]]:
        """Chunks of clips that nobody needs any more."""
        keep = set(in_use)
        with self._lock:
            return [(sha, index) for sha, held in self._lengths.items() if sha not in keep for index in sorted(held)]


def fingerprint(token: bytes) -> bytes:
    """Enough of a token to tell it from every other."""
    return hashlib.sha256(token).digest()


def _fits(ref: ClipRef, index: int, size_bytes: int) -> bool:
    return 0 <= index < chunks.count(ref) and size_bytes == chunks.length(ref, index)
