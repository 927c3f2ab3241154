"""Whether a silence is the broker's or the line's.

A weak line may be still for longer than any patience that would be of use. What the broker says comes in the order it
was said: when it answers a probe and the chunk asked for before has not come, it does not hold that chunk.
"""


class LineProbe:
    """One probe at a time; whatever chunk comes makes it void."""

    def __init__(self) -> None:
        self._open: int | None = None
        self._answered = False

    @property
    def due(self) -> bool:
        """A probe should be sent."""
        return self._open is None

    @property
    def answered(self) -> bool:
        """The line is free: what has not come is not on its way."""
        return self._answered

    def sent(self, number: int | None) -> None:
        """``number``: by which the answer will be known; None when nobody could be reached."""
        self._open = number

    def hear(self, number: int) -> None:
        """The broker answered a probe, maybe an old one."""
        self._answered = self._answered or number == self._open

    def forget(self) -> None:
        """Something came, was asked for, or the connection changed."""
        self._open = None
        self._answered = False
