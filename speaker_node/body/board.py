"""The board as a whole: how it is, whether somebody switched it silent, and systemd's watchdog."""

from broadcaster.protocol.status import NodeHealth
from speaker_node.body.health import Health
from speaker_node.body.local_switch import LocalSwitch
from speaker_node.body.watchdog import Vitals, Watchdog, notify
from speaker_node.events import SoundHeard


class Board:
    """health, switch, watchdog: its parts."""

    def __init__(self, health: Health, *, switch: LocalSwitch, watchdog: Watchdog) -> None:
        self.health = health
        self._switch = switch
        self._watchdog = watchdog

    @property
    def silenced(self) -> bool:
        """Somebody at the node has switched it silent."""
        return self._switch.on

    @property
    def heard(self) -> bool | None:
        """Whether the microphone heard the latest clip; None without one, or when it was hard to say."""
        return self.health.heard

    def read(self, *, bytes_this_month: int) -> NodeHealth:
        """How it is now."""
        return self.health.read(bytes_this_month=bytes_this_month)

    def heard_play(self, event: SoundHeard) -> None:
        """What the microphone says of the latest clip."""
        self.health.heard_play(event)

    def tell_ready(self) -> None:
        """Tell systemd that the node works."""
        notify("READY=1")

    def feed_watchdog(self, vitals: Vitals, monotonic: float, *, disk_given_up: bool) -> None:
        """``disk_given_up`` when the node knowingly works in memory."""
        self._watchdog.step(vitals, monotonic, disk_given_up=disk_given_up)
