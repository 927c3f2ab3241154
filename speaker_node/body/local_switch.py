"""The local switch: whoever stands at the node can silence it, with or without a network."""

from pathlib import Path
from typing import Protocol

from speaker_node.body.gpio import device

FILE = "mute"


class SwitchContact(Protocol):
    """A switch that stays as it is put; gpiozero's ``Button`` is one."""

    @property
    def is_pressed(self) -> bool:
        """It is closed."""


class LocalSwitch:
    """On while the contact is closed or a file of this name lies beside the ledger."""

    def __init__(self, data: Path, contact: SwitchContact | None) -> None:
        self._file = data / FILE
        self._contact = contact

    @property
    def on(self) -> bool:
        """Nothing may sound."""
        if self._contact is not None and self._contact.is_pressed:
            return True
        try:
            return self._file.exists()
        except OSError:  # a card that answers nothing any more silences nobody
            return False


def contact(pin: int) -> SwitchContact | None:
    """The switch between this GPIO pin (BCM number) and ground; None for pin 0. Raises SettingsRefused."""
    switch: SwitchContact | None = device("Button", pin, setting="mute_pin")
    return switch
