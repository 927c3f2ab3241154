"""Screens a node can have: a file others read, a text console, an LED panel at a serial line. Standard library only."""

import os
import termios
from contextlib import suppress
from datetime import tzinfo
from pathlib import Path
from typing import Protocol

from speaker_node.errors import SettingsRefused
from speaker_node.screen.display import ScreenText

KINDS = ("file", "console", "serial")
_MARKS = {"alarm": "BÁO ĐỘNG", "drill": "DIỄN TẬP, không phải thật", "speaking": "Đang phát trên loa"}
_COLOURS = {"alarm": "\x1b[97;41;1m", "drill": "\x1b[97;44;1m"}
_PLAIN, _CLEAR = "\x1b[97;40;1m", "\x1b[2J\x1b[H\x1b[?25l"


class Screen(Protocol):
    """Shows a text until the next one. Raises OSError when it cannot; never waits for a slow device."""

    def show(self, text: ScreenText, zone: tzinfo) -> None:
        """Put it there; ``zone`` is the one in which times of the day are meant."""


def lines_of(text: ScreenText, zone: tzinfo) -> list[str]:
    """The same in lines: its mark and its words, or what comes next."""
    if text.text:
        return [_MARKS[text.kind], printable(text.text)]
    return [f"{at.astimezone(zone):%H:%M} {printable(words)}" for at, words in text.coming]


def printable(words: str) -> str:
    """Without anything that a console or a panel would take for an order."""
    return "".join(each if each.isprintable() else " " for each in words)


class TextFile:
    """A file that is always whole, for a program beside the node that draws it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def show(self, text: ScreenText, zone: tzinfo) -> None:
        beside = self._path.with_name(self._path.name + ".part")
        beside.write_text("\n".join([text.kind, *lines_of(text, zone)]) + "\n", "utf-8")
        beside.replace(self._path)


class Console:
    """A framebuffer console such as ``/dev/tty1``; its font decides how large the letters are."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def show(self, text: ScreenText, zone: tzinfo) -> None:
        colour = _COLOURS.get(text.kind, _PLAIN)
        _write(self._path, (colour + _CLEAR + "\r\n\r\n".join(lines_of(text, zone)) + "\r\n").encode())


class SerialPanel:
    """An LED panel that shows each line it gets, UTF-8 ended by CR LF."""

    def __init__(self, path: Path, speed: int) -> None:
        self._path, self._speed = path, speed

    def show(self, text: ScreenText, zone: tzinfo) -> None:
        _write(self._path, (" - ".join(lines_of(text, zone)) + "\r\n").encode(), speed=self._speed)


def choose_screen(setting: str) -> Screen | None:
    """``file:PATH``, ``console:PATH`` or ``serial:PATH@SPEED``; None for an empty one. Raises SettingsRefused."""
    if not setting:
        return None
    kind, _, where = setting.partition(":")
    path, _, speed = where.partition("@")
    if kind not in KINDS or not path.startswith("/") or (speed and kind != "serial"):
        raise SettingsRefused("settings.screen_unknown", screen=setting)
    if kind != "serial":
        return TextFile(Path(path)) if kind == "file" else Console(Path(path))
    if not hasattr(termios, f"B{speed or 9600}"):
        raise SettingsRefused("settings.screen_unknown", screen=setting)
    return SerialPanel(Path(path), int(speed or 9600))


def _write(path: Path, data: bytes, *, speed: int | None = None) -> None:
    """To a device; what it does not take at once counts as a fault. Raises OSError."""
    device = os.open(path, os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
    try:
        if speed is not None and os.isatty(device):
            _set_speed(device, speed)
        if os.write(device, data) < len(data):
            raise BlockingIOError("the screen takes no more")
    finally:
        with suppress(OSError):
            os.close(device)


def _set_speed(device: int, speed: int) -> None:
    try:
        mode = termios.tcgetattr(device)
        mode[4] = mode[5] = getattr(termios, f"B{speed}")
        termios.tcsetattr(device, termios.TCSANOW, mode)
    except termios.error as error:
        raise OSError(*error.args) from error
