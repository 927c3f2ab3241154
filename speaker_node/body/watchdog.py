"""systemd's watchdog, fed only when link, player and disk have all moved; a program that merely runs is not alive."""

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from speaker_node.errors import StorageFault
from speaker_node.memory.durable_files import write_durably

FEED_SECONDS = 30.0
DISK_SECONDS = 600.0
"""Between two proofs that the card takes a write: often enough to notice, rare enough not to wear it."""
LINK_SECONDS = 300.0
"""The link must connect, fail or speak at least this often: attempts follow each other within a minute and a half."""


@dataclass(frozen=True, slots=True)
class Vitals:
    """link_seconds: monotonic second of the link's last sign of life; player_overdue: a play should be over by now."""

    link_seconds: float
    player_overdue: bool


def notify(words: str, *, environment: dict[str, str] | None = None) -> bool:
    """Tell systemd; False when nobody listens (systemd.io, sd_notify protocol)."""
    address = (os.environ if environment is None else environment).get("NOTIFY_SOCKET", "")
    if not address:
        return False
    where = "\0" + address[1:] if address.startswith("@") else address
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        try:
            channel.sendto(words.encode(), where)
        except OSError:
            return False
    return True


class Watchdog:
    """Decides whether the node is alive, and says so."""

    def __init__(self, folder: Path, *, say: Callable[[str], bool] = notify) -> None:
        self._proof = folder / "alive"
        self._say = say
        self._fed_seconds = float("-inf")
        self._disk_seconds = float("-inf")

    def step(self, vitals: Vitals, monotonic: float, *, disk_given_up: bool) -> bool:
        """Feed when it is time and everything moves; ``disk_given_up`` when the node knowingly works in memory."""
        if monotonic - self._fed_seconds < FEED_SECONDS:
            return False
        if vitals.player_overdue or monotonic - vitals.link_seconds > LINK_SECONDS:
            return False
        if not disk_given_up and not self._disk_moves(monotonic):
            return False
        self._fed_seconds = monotonic
        return self._say("WATCHDOG=1")

    def _disk_moves(self, monotonic: float) -> bool:
        if monotonic - self._disk_seconds < DISK_SECONDS:
            return True
        try:
            write_durably(self._proof, b"")
        except StorageFault:
            return False
        self._disk_seconds = monotonic
        return True
