"""The pins of the board, by gpiozero: the one place that asks for it, and only when a pin is named."""

from importlib import import_module
from typing import Any

from speaker_node.errors import SettingsRefused


def device(kind: str, pin: int, *, setting: str) -> Any:
    """gpiozero's device of this kind on this pin (BCM number); None for pin 0. Raises SettingsRefused."""
    if not pin:
        return None
    try:
        return getattr(import_module("gpiozero"), kind)(pin)
    except Exception as error:  # each of gpiozero's pin drivers has errors of its own, unknown before one is chosen
        raise SettingsRefused("settings.pin_unusable", pin=pin, error=error, setting=setting) from error
