"""The thread by which certificates are renewed while the station runs."""

import logging
import threading
from collections.abc import Callable, Sequence

from broadcaster.certificates.server_certificate import LOOK_SECONDS
from broadcaster.errors import LoaError

log = logging.getLogger(__name__)


class CertificateWatch:
    """Has every listener look at its certificate, again and again."""

    def __init__(self, checks: Sequence[Callable[[], None]], *, every_seconds: float = LOOK_SECONDS) -> None:
        self._checks = checks
        self._every_seconds = every_seconds

    def run(self, stop: threading.Event) -> None:
        """Until told to stop."""
        while not stop.wait(self._every_seconds):
            for check in self._checks:
                try:
                    check()
                except LoaError as error:
                    log.error("a certificate cannot be renewed: %s", error)  # the one before is shown on
