"""Where a node's own gauges are read: pulses on its pins, a serial line, or a file that another program writes."""

import os
import re
import termios
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from speaker_node.body.gpio import device
from speaker_node.errors import SettingsRefused

EVERY_SECONDS = 60.0
"""Between two readings where the setting does not say."""
LONGEST_LINE = 64
_ONE = re.compile(r"^(?P<gauge>[a-z0-9][a-z0-9-]{0,38}_[a-z0-9]{1,8})=(?P<kind>file|serial|pulses):(?P<rest>.+)$")
_NUMBER = re.compile(r"^\s*[-+]?\d{1,7}([.,]\d{1,6})?\s*$")


class GaugeSource(Protocol):
    """One gauge that the node reads."""

    def read(self, monotonic: float) -> float | None:
        """The value now; None when there is none, or it is not time yet."""


class FileGauge:
    """A file that holds one number; a program beside the node writes it."""

    def __init__(self, path: Path, every_seconds: float = EVERY_SECONDS) -> None:
        self._path, self._every_seconds = path, every_seconds
        self._next_seconds = float("-inf")

    def read(self, monotonic: float) -> float | None:
        if monotonic < self._next_seconds:
            return None
        self._next_seconds = monotonic + self._every_seconds
        try:
            handle = os.open(self._path, os.O_RDONLY | os.O_NONBLOCK)
            try:
                return number(os.read(handle, LONGEST_LINE + 1))
            finally:
                os.close(handle)
        except OSError:
            return None


class SerialGauge:
    """A sensor that writes one number a line; the latest whole line counts, at most one every ``every_seconds``."""

    def __init__(self, path: Path, speed: int, every_seconds: float = EVERY_SECONDS) -> None:
        self._path, self._speed, self._every_seconds = path, speed, every_seconds
        self._next_seconds = float("-inf")
        self._handle: int | None = None
        self._begun = b""
        self._latest: float | None = None

    def read(self, monotonic: float) -> float | None:
        self._take()
        if self._latest is None or monotonic < self._next_seconds:
            return None
        value, self._latest = self._latest, None
        self._next_seconds = monotonic + self._every_seconds
        return value

    def _take(self) -> None:
        """All that has come; a line that is cut or unplugged is opened again."""
        try:
            if self._handle is None:
                self._handle = os.open(self._path, os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
                _set_speed(self._handle, self._speed)
            come = os.read(self._handle, 4096)
        except BlockingIOError:
            return
        except OSError:
            self._close()
            return
        *lines, self._begun = (self._begun + come).split(b"\n")
        self._begun = self._begun[-LONGEST_LINE:]
        found = [value for value in map(number, lines) if value is not None]
        self._latest = found[-1] if found else self._latest

    def _close(self) -> None:
        if self._handle is not None:
            with suppress(OSError):
                os.close(self._handle)
        self._handle, self._begun = None, b""


class PulseGauge:
    """A tipping bucket: every pulse is so much, and the value is the sum over a stretch of time.

    ``pulsed`` may be called from any thread.
    """

    def __init__(
        self, amount: float, stretch_seconds: float, clock: Callable[[], float], every_seconds: float = EVERY_SECONDS
    ) -> None:
        self._amount, self._stretch_seconds, self._clock = amount, stretch_seconds, clock
        self._every_seconds = every_seconds
        self._next_seconds = float("-inf")
        self._pulses: deque[float] = deque(maxlen=100_000)

    def pulsed(self) -> None:
        """The bucket tipped."""
        self._pulses.append(self._clock())

    def read(self, monotonic: float) -> float | None:
        if monotonic < self._next_seconds:
            return None
        self._next_seconds = monotonic + self._every_seconds
        while self._pulses and self._pulses[0] <= monotonic - self._stretch_seconds:
            self._pulses.popleft()
        return round(len(self._pulses) * self._amount, 6)


def choose_gauges(setting: str, clock: Callable[[], float]) -> dict[str, GaugeSource]:
    """By gauge id. ``ID=file:PATH@SECONDS``, ``ID=serial:PATH@SPEED`` or ``ID=pulses:PIN@AMOUNT/SECONDS``, several
    with ``;`` between them. Raises SettingsRefused."""
    found: dict[str, GaugeSource] = {}
    for each in filter(None, (part.strip() for part in setting.split(";"))):
        matched = _ONE.match(each)
        made = _made(matched["kind"], matched["rest"], clock) if matched else None
        if matched is None or made is None:
            raise SettingsRefused("settings.gauge_unknown", gauge=each[:80])
        found[matched["gauge"]] = made
    return found


def number(written: bytes) -> float | None:
    """A line as a number; None for anything else."""
    text = written.decode("ascii", "replace")
    return float(text.replace(",", ".")) if _NUMBER.match(text) else None


def _made(kind: str, rest: str, clock: Callable[[], float]) -> GaugeSource | None:
    where, _, more = rest.partition("@")
    if kind == "file" and where.startswith("/"):
        seconds = _positive(more or str(EVERY_SECONDS))
        return FileGauge(Path(where), seconds) if seconds else None
    if kind == "serial" and where.startswith("/") and hasattr(termios, f"B{more or 9600}"):
        return SerialGauge(Path(where), int(more or 9600))
    amount, _, stretch = more.partition("/")
    if kind == "pulses" and where.isdecimal() and _positive(amount) and _positive(stretch or "3600"):
        gauge = PulseGauge(_positive(amount), _positive(stretch or "3600"), clock)
        pin = device("Button", int(where), setting="gauges")
        if pin is not None:
            pin.when_pressed = gauge.pulsed
        return gauge
    return None


def _positive(text: str) -> float:
    """0 for what is no number above it."""
    return float(text) if re.fullmatch(r"\d{1,6}(\.\d{1,6})?", text) else 0.0


def _set_speed(handle: int, speed: int) -> None:
    if not os.isatty(handle):
        return
    mode = termios.tcgetattr(handle)
    mode[4] = mode[5] = getattr(termios, f"B{speed}")
    mode[3] &= ~(termios.ECHO | termios.ICANON)
    termios.tcsetattr(handle, termios.TCSANOW, mode)
