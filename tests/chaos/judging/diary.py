"""What was done to the village, and when: the bench's own memory, against which the evidence is judged."""

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing done to the village.

    what: name on the fault menu, or what the commune did.
    whom: a node, ``broker``, ``station``, ``web`` or the subject of a deed.
    from_seconds, until_seconds: wall clock since 1970; the end is infinite while it lasts.
    fault: it counts as a fault.
    note: for the story.
    """

    what: str
    whom: str
    from_seconds: float
    until_seconds: float
    fault: bool
    note: str = ""

    def touches(self, from_seconds: float, until_seconds: float) -> bool:
        """It lasted during some of this time."""
        return self.from_seconds <= until_seconds and self.until_seconds >= from_seconds


class Diary:
    """Written by every thread of the bench."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._happenings: list[Happening] = []

    def begin(
        self, what: str, whom: str, *, fault: bool = True, note: str = "", from_seconds: float | None = None
    ) -> int:
        """Something begins now, or began at ``from_seconds``; its number, with which it is ended."""
        with self._lock:
            since = time.time() if from_seconds is None else from_seconds
            self._happenings.append(Happening(what, whom, since, float("inf"), fault, note))
            return len(self._happenings) - 1

    def end(self, number: int) -> None:
        """It is over."""
        with self._lock:
            self._happenings[number] = replace(self._happenings[number], until_seconds=time.time())

    def moment(self, what: str, whom: str, *, fault: bool = True, note: str = "") -> None:
        """Something without duration."""
        self.end(self.begin(what, whom, fault=fault, note=note))

    def happenings(self, whom: Iterable[str] = (), what: Iterable[str] = ()) -> list[Happening]:
        """In order of their beginning; only those to ``whom`` and those called ``what``, when given."""
        persons, kinds = set(whom), set(what)
        with self._lock:
            found = list(self._happenings)
        return [h for h in found if (not persons or h.whom in persons) and (not kinds or h.what in kinds)]

    @property
    def faults(self) -> int:
        """How many were counted so far."""
        return sum(h.fault for h in self.happenings())
