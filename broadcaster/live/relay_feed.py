"""The sound of a relay on air: streams pulled in order by a thread of its own, levelled, held for some seconds."""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress

import numpy as np

from broadcaster.relays.levelling import Leveller
from broadcaster.relays.relaying import BYTES_A_SECOND, Relayed, StreamSwitch

MOST_HELD_SECONDS = 20.0
"""So much is held: then the stream waits. A relay is never further behind its source than this and what the network
holds."""
RETRY_SECONDS = 3.0
"""When all streams were asked in vain they are asked again after so long."""
WAIT_SECONDS = 0.1
MOST_SWITCHES = 50
"""So many are noted; a source that fails all day says nothing new after that."""


class RelayFeed:
    """``take`` from one thread what ``pump`` brings in another.

    is_started: somebody wants its sound.
    """

    def __init__(
        self, relayed: Relayed, *, lufs: float, sleep: Callable[[float], object] | None = None, own_thread: bool = True
    ) -> None:
        """lufs: what the sound is brought to; ``own_thread``: else whoever takes pumps, too."""
        self._relayed = relayed
        self._leveller = Leveller(lufs=lufs)
        self._stop = threading.Event()
        self._sleep = sleep or self._stop.wait
        self._held: deque[bytes] = deque()
        self._held_bytes = 0
        self._lock = threading.Lock()
        self._blocks: Iterator[bytes] | None = None
        self._own_thread = own_thread
        self._thread: threading.Thread | None = None
        self.is_started = False

    @property
    def switches(self) -> list[StreamSwitch]:
        """Streams that were left so far, the first of them."""
        return self._relayed.switches[:MOST_SWITCHES]

    def start(self) -> None:
        """Pull from now on. Doing so again changes nothing."""
        self.is_started = True
        if self._own_thread and self._thread is None:
            self._thread = threading.Thread(target=self._run, name="relay-feed", daemon=True)
            self._thread.start()

    def take(self, most_bytes: int) -> bytes:
        """Levelled samples, mono, 16 bits, at the clip's rate; as many as there are, at most so many."""
        found, size = [], 0
        with self._lock:
            while self._held and size < most_bytes:
                block = self._held.popleft()
                found.append(block[: most_bytes - size])
                if len(block) > most_bytes - size:
                    self._held.appendleft(block[most_bytes - size :])
                size += len(found[-1])
            self._held_bytes -= size
        return b"".join(found)

    def pump(self) -> None:
        """The next block of whichever stream gives sound, or a pause where none does."""
        if self._blocks is None:
            self._blocks = self._relayed.blocks()
        block = next(self._blocks, None)
        if block is None:
            self._blocks = None
            self._sleep(RETRY_SECONDS)
        for ready in self._leveller.add(block) if block else ():
            pcm = (np.clip(ready, -1.0, 1.0) * 32767).astype("<i2").tobytes()
            with self._lock:
                self._held.append(pcm)
                self._held_bytes += len(pcm)

    def close(self) -> None:
        """Nothing is pulled any more."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(5)

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                if self._held_bytes >= MOST_HELD_SECONDS * BYTES_A_SECOND:
                    self._stop.wait(WAIT_SECONDS)
                else:
                    self.pump()
        finally:
            close = getattr(self._blocks, "close", None)
            if close is not None:
                with suppress(RuntimeError):
                    close()
