"""How many live packets a second reach the node's loop: a flood of forged ones must not keep it from its other work."""

from collections import deque

MOST_A_SECOND = 60
"""Each costs a tenth of a millisecond to verify; a session needs two and a half."""


class PacketGate:
    """Used by the link's thread; ``dropped`` is read by any.

    dropped: how many were not let in.
    """

    def __init__(self) -> None:
        self._admitted: deque[float] = deque(maxlen=MOST_A_SECOND)
        self.dropped = 0

    def admits(self, monotonic: float) -> bool:
        """Whether one more may come in at this instant."""
        if len(self._admitted) == MOST_A_SECOND and monotonic - self._admitted[0] < 1.0:
            self.dropped += 1
            return False
        self._admitted.append(monotonic)
        return True
