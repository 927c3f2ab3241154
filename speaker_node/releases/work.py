"""One piece of work in a thread of its own: the node goes on deciding every second meanwhile."""

import threading
from collections.abc import Callable

from speaker_node.releases.errors import ReleaseRefused


class InstallWork:
    """Begun once; ``over`` tells when it is done, ``refused`` why it was not."""

    def __init__(self, do: Callable[[], None]) -> None:
        self._do = do
        self.refused: ReleaseRefused | None = None
        self.trouble: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="release", daemon=True)
        self._thread.start()

    @property
    def over(self) -> bool:
        """Whether it has ended, well or not."""
        return not self._thread.is_alive()

    def wait(self, timeout_seconds: float) -> bool:
        """Whether it ended within the time."""
        self._thread.join(timeout_seconds)
        return self.over

    def _run(self) -> None:
        try:
            self._do()
        except ReleaseRefused as refused:
            self.refused = refused
        except Exception as error:  # noqa: BLE001 - outermost of this thread: the node must hear that it ended
            self.trouble = error
