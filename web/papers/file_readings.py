"""Files are read outside the request: a picture takes a minute, and a page waits for nobody.

What is read is kept for a short while in this process, for the person who gave the file and nobody else.
"""

import secrets
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from broadcaster.errors import NotFound, Unavailable
from broadcaster.paper_files import FileText, read_file

LIFETIME_SECONDS = 900.0
MOST = 40
"""Files at once, waiting and read; each is at most twenty megabytes while it waits."""
AT_ONCE_SECONDS = 2.0
"""Most files are read by then, and the first page is the paper itself."""


@dataclass(frozen=True, slots=True)
class _Given:
    reading: Future[FileText]
    person_id: str
    draft: str
    given_seconds: float


class FileReadings:
    """Reads files one after the other, two at a time. ``read`` and ``clock`` are arguments for tests."""

    def __init__(self, read: Callable[[bytes], FileText] = read_file, clock: Callable[[], float] = monotonic) -> None:
        self._read, self._clock = read, clock
        self._given: dict[str, _Given] = {}
        self._lock = Lock()
        self._readers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="paper")

    def give(self, data: bytes, *, person_id: str, draft: str) -> str:
        """Begin reading; the ticket that ``take`` wants. Raises Unavailable when too many wait."""
        with self._lock:
            self._forget()
            if len(self._given) >= MOST:
                raise Unavailable("paper.too_many_wait")
            ticket = secrets.token_urlsafe(18)
            self._given[ticket] = _Given(self._readers.submit(self._read, data), person_id, draft, self._clock())
        return ticket

    def take(self, ticket: str, *, person_id: str, wait_seconds: float = 0.0) -> tuple[FileText, str] | None:
        """The text and the draft it is for; None while it is read. Raises NotFound, or Invalid for no paper."""
        with self._lock:
            self._forget()
            given = self._given.get(ticket)
        if given is None or given.person_id != person_id:
            raise NotFound("paper.no_longer_kept")
        try:
            return given.reading.result(timeout=wait_seconds), given.draft
        except TimeoutError:
            return None

    def _forget(self) -> None:
        oldest = self._clock() - LIFETIME_SECONDS
        for ticket in [ticket for ticket, given in self._given.items() if given.given_seconds < oldest]:
            self._given.pop(ticket).reading.cancel()
