"""A service ends when what was chosen for it changes, and whoever keeps it running starts it with the new settings."""

import logging
import threading
from pathlib import Path

from broadcaster.chosen_settings import FILE

log = logging.getLogger(__name__)
LOOK_SECONDS = 2.0


class SettingsWatch:
    """Made when the settings are read."""

    def __init__(self, data_dir: Path, *, every_seconds: float = LOOK_SECONDS) -> None:
        self._path = data_dir / FILE
        self._every_seconds = every_seconds
        self._known = self._content()

    def run(self, stop: threading.Event) -> None:
        """Until told to stop, or until something changed."""
        while not stop.wait(self._every_seconds):
            if self._content() != self._known:
                log.warning("the settings in %s changed; this service starts anew", self._path)
                return

    def _content(self) -> bytes:
        try:
            return self._path.read_bytes()
        except OSError:
            return b""
