"""The amplifier's relay: on early enough that no first word is lost, off when nothing follows soon."""

from typing import Protocol

from speaker_node.body.gpio import device

POST_ROLL_SECONDS = 5.0


class Switch(Protocol):
    """The contact; gpiozero's ``OutputDevice`` is one."""

    def on(self) -> None:
        """Close it."""

    def off(self) -> None:
        """Open it."""


class Amplifier:
    """Switched by what is coming, not by what has begun."""

    def __init__(self, switch: Switch | None, *, pre_roll_seconds: float) -> None:
        """``switch`` is None when the amplifier is always on."""
        self._switch = switch
        self._pre_roll_seconds = pre_roll_seconds if switch else 0.0
        self._on_seconds: float | None = None
        self._needed_seconds = float("-inf")

    def awake_seconds(self, monotonic: float) -> float:
        """Monotonic second from which it passes sound on; switches it on."""
        self._needed_seconds = monotonic
        if self._on_seconds is None:
            self._on_seconds = monotonic
            if self._switch:
                self._switch.on()
        return self._on_seconds + self._pre_roll_seconds

    def step(self, monotonic: float, *, next_seconds: float | None, playing: bool) -> None:
        """``next_seconds`` is the monotonic second of the next first sample, if one is planned."""
        soon = next_seconds is not None and next_seconds - monotonic <= self._pre_roll_seconds + POST_ROLL_SECONDS
        if playing or (soon and self._switch):
            self.awake_seconds(monotonic)
        elif self._on_seconds is not None and monotonic - self._needed_seconds >= POST_ROLL_SECONDS:
            self.sleep()

    def sleep(self) -> None:
        """Off, now."""
        self._on_seconds = None
        if self._switch:
            self._switch.off()


def relay(pin: int) -> Switch | None:
    """The relay on this GPIO pin (BCM number); None for pin 0. Raises SettingsRefused when gpiozero cannot drive it."""
    switch: Switch | None = device("OutputDevice", pin, setting="relay_pin")
    return switch
