"""The screen at work: shows what the agenda says, and remembers which broadcasts stood on it."""

import logging
from collections import OrderedDict
from zoneinfo import ZoneInfo

from speaker_node.deciding.situation import Situation
from speaker_node.screen.display import ScreenText, screen_text
from speaker_node.screen.screens import Screen

log = logging.getLogger(__name__)
AGAIN_SECONDS = 5.0
"""A screen that failed is tried again so soon."""
REFRESH_SECONDS = 60.0
"""One that works is shown the same again: somebody may have unplugged it meanwhile."""
MOST_SHOWN = 500


class NodeScreen:
    """None for ``screen`` is a node without one, which shows and remembers nothing."""

    def __init__(self, screen: Screen | None) -> None:
        self._screen = screen
        self._on_it: ScreenText | None = None
        self._next_seconds = float("-inf")
        self._shown: OrderedDict[str, None] = OrderedDict()
        self._failed = False

    @property
    def present(self) -> bool:
        """Whether the node has one."""
        return self._screen is not None

    def has_shown(self, broadcast: str) -> bool:
        """Whether this broadcast's words stood on it since the program started."""
        return broadcast in self._shown

    def step(self, situation: Situation) -> None:
        """Show what is to be shown now; a screen that fails keeps nothing else from working."""
        if self._screen is None:
            return
        wanted, seconds = screen_text(situation), situation.reading.monotonic
        if seconds < self._next_seconds and (self._failed or wanted == self._on_it):
            return
        zone = ZoneInfo(situation.agenda.policy.timezone if situation.agenda else "Asia/Ho_Chi_Minh")
        try:
            self._screen.show(wanted, zone)
        except OSError as error:
            if not self._failed:
                log.warning("the screen shows nothing: %s", error)
            self._failed, self._next_seconds = True, seconds + AGAIN_SECONDS
            return
        self._failed, self._on_it, self._next_seconds = False, wanted, seconds + REFRESH_SECONDS
        if wanted.broadcast:
            self._shown[wanted.broadcast] = None
            while len(self._shown) > MOST_SHOWN:
                self._shown.popitem(last=False)
