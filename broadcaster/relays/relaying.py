"""One row of sound out of several streams in order: whichever gives something to hear, until none does."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from broadcaster.refusals.reasons import Reason
from broadcaster.relays.events import Event, Heard, Over
from broadcaster.relays.settings import RelaySettings
from broadcaster.relays.watching import (
    CLIPPED,
    CLIPPED_SECONDS,
    Watched,
    after_block,
    is_clipped,
    is_silent,
    level_dbfs,
    trouble,
)

Pull = Callable[[str], AbstractContextManager[Iterator[Event]]]
"""From an address to its events."""
WORTH_SECONDS = 5.0
"""A stream that was heard for so long may be asked again when it ends."""
ROUNDS = 2
"""So often all of them are asked in a row before nothing more is hoped for."""
BYTES_A_SECOND = 48_000


@dataclass(frozen=True, slots=True)
class StreamSwitch:
    """A stream was left, or stays but is cut off at full scale. address: of which; after_seconds: of sound given
    by all before; reason: why."""

    address: str
    after_seconds: float
    reason: Reason


@dataclass(slots=True)
class Relayed:
    """addresses: in order; holds_silence: a recording leaves out the silence before a stream is left.

    switches, given_bytes, address: what happened so far, and which is heard.
    clipped_seconds: of each address, how much of its sound was cut off at full scale.
    """

    addresses: Sequence[str]
    pull: Pull
    settings: RelaySettings
    clock: Callable[[], float]
    holds_silence: bool = True
    switches: list[StreamSwitch] = field(default_factory=list)
    given_bytes: int = 0
    address: str = ""
    clipped_seconds: dict[str, float] = field(default_factory=dict)

    def blocks(self) -> Generator[bytes, None, None]:
        """PCM, mono, 16 bits, at the clip's rate; empty where for a moment there is none. Ends when none is left."""
        failures, turn = 0, 0
        while failures < ROUNDS * len(self.addresses):
            self.address = self.addresses[turn % len(self.addresses)]
            before = self.given_bytes
            reason = yield from self._one(self.address)
            self.switches.append(StreamSwitch(self.address, self.given_bytes / BYTES_A_SECOND, reason))
            heard = (self.given_bytes - before) / BYTES_A_SECOND >= WORTH_SECONDS
            failures, turn = (0 if heard else failures + 1), turn + 1
        self.address = ""

    def _one(self, address: str) -> Generator[bytes, None, Reason]:
        """One stream, until it has to be left; returns why."""
        watched, held = Watched(self.clock()), b""
        with self.pull(address) as events:
            for event in events:
                at = self.clock()
                if isinstance(event, Over):
                    return event.reason
                if isinstance(event, Heard):
                    silent = is_silent(level_dbfs(event.pcm), self.settings)
                    seconds = len(event.pcm) / BYTES_A_SECOND
                    watched = after_block(watched, at, seconds=seconds, silent=silent)
                    held += event.pcm
                    self._note_clipping(event.pcm, seconds)
                    if not (silent and self.holds_silence):
                        self.given_bytes += len(held)
                        yield held
                        held = b""
                reason = trouble(watched, at, self.settings)
                if reason is not None:
                    return reason
                yield b""
        return Reason("relay.ended")

    def _note_clipping(self, pcm: bytes, seconds: float) -> None:
        """Said once of each address."""
        if not is_clipped(pcm):
            return
        before = self.clipped_seconds.get(self.address, 0.0)
        self.clipped_seconds[self.address] = before + seconds
        if before < CLIPPED_SECONDS <= before + seconds:
            self.switches.append(StreamSwitch(self.address, self.given_bytes / BYTES_A_SECOND, CLIPPED))
