"""The body of the node, read from the kernel's own files; what a machine does not have is not reported."""

import shutil
from pathlib import Path

from broadcaster.protocol.status import NodeHealth
from speaker_node.body.modem import Modem
from speaker_node.errors import StorageFault
from speaker_node.events import SoundHeard

_THERMAL = "class/thermal/thermal_zone0/temp"
_HWMON = "class/hwmon"


class Health:
    """Reads a board.

    storage_fault: what the card refused lately; set by whoever met it.
    heard: whether the microphone heard the latest clip; None without one, or when it was hard to say.
    """

    def __init__(
        self, data: Path, *, sys: Path = Path("/sys"), proc: Path = Path("/proc"), modem: Modem | None = None
    ) -> None:
        self._data = data
        self._sys = sys
        self._proc = proc
        self._modem = modem or Modem()
        self._likeness_percent: int | None = None
        self.storage_fault: StorageFault | None = None
        self.heard: bool | None = None

    def heard_play(self, event: SoundHeard) -> None:
        """What the microphone says of the latest clip."""
        self.heard, self._likeness_percent = event.heard, event.likeness_percent

    def read(self, *, bytes_this_month: int) -> NodeHealth:
        """How the board is now."""
        return NodeHealth(
            temperature_celsius=self._temperature(),
            under_voltage=self._under_voltage(),
            free_bytes=self._free_bytes(),
            storage_fault=self.storage_fault.code if self.storage_fault else "",
            uptime_seconds=self._uptime(),
            bytes_this_month=bytes_this_month,
            signal_percent=self._modem.percent(),
            heard=self.heard,
            heard_percent=self._likeness_percent,
        )

    def _temperature(self) -> float | None:
        milli = _number(self._sys / _THERMAL)
        return None if milli is None else round(milli / 1000, 1)

    def _under_voltage(self) -> bool | None:
        """The Pi's firmware raises this alarm when its supply sags below 4.63 V."""
        alarms = [_number(path) for path in sorted((self._sys / _HWMON).glob("hwmon*/in0_lcrit_alarm"))]
        known = [alarm for alarm in alarms if alarm is not None]
        return any(known) if known else None

    def _free_bytes(self) -> int | None:
        try:
            return shutil.disk_usage(self._data).free
        except OSError:
            return None

    def _uptime(self) -> int | None:
        try:
            return int(float((self._proc / "uptime").read_text().split()[0]))
        except (OSError, ValueError, IndexError):
            return None


def _number(path: Path) -> int | None:
    try:
        return int(path.read_text().strip())
    except (OSError, ValueError):
        return None
